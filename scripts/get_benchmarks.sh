#!/usr/bin/env bash
# Usage: scripts/get_benchmarks.sh [FOLDER]
# Says where the data of the task files is published, under which file name film looks for it, and how to make that file.
# With FOLDER: which of them are there. FOLDER is what the setting task_data names. Nothing is downloaded: licences differ,
# and some publishers want to be asked. "hub:" is a data set of the Hugging Face hub. "Parquet as NAME" is read as it is, with the
# name that is said (film reads Parquet by the python3 on the PATH with pyarrow); "benchmark_files.py" is
# scripts/benchmark_files.py ARCHIVE -o FOLDER: it unpacks and converts.
set -euo pipefail
case "${1:-}" in
  -h | --help) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
  -*) echo "error: name a folder, or nothing (scripts/get_benchmarks.sh --help)" >&2; exit 2 ;;
esac
folder="${1:-}"
if [[ -n "$folder" && ! -d "$folder" ]]; then
  echo "error: there is no folder $folder" >&2
  exit 66
fi
# File, tasks, where it is published, what to do with it.
list() {
  cat <<'LIST'
mmlu_test.jsonl|mmlu|hub:cais/mmlu, all/test, or data.tar of D. Hendrycks|Parquet as mmlu_test.parquet, or benchmark_files.py
mmlu_dev.jsonl|mmlu (examples)|the same, all/dev|Parquet as mmlu_dev.parquet, or benchmark_files.py
boolq_val.jsonl|boolq|SuperGLUE, BoolQ.zip|benchmark_files.py
boolq_dev.jsonl|boolq_google|google-research-datasets/boolean-questions, dev.jsonl|rename
race_high_test.jsonl|race_high, race_high_v2|hub:EleutherAI/race, high/test|Parquet as race_high_test.parquet
race_high.jsonl|race_files|RACE.tar.gz of its authors (on request)|benchmark_files.py
commonsense_qa_validation.jsonl|commonsense_qa|hub:tau/commonsense_qa, validation|Parquet as commonsense_qa_validation.parquet
dev_rand_split.jsonl|commonsense_qa_files|CommonsenseQA's own site|as it is
csqa_0shot.jsonl|csqa_0shot|microsoft/FILM, short_tasks/prompts|as it is
arc_challenge_test.jsonl|arc_challenge, arc_challenge_acc|hub:allenai/ai2_arc, ARC-Challenge/test|Parquet as arc_challenge_test.parquet
ARC-Challenge-Test.jsonl|arc_challenge_files|ARC-V1-Feb2018.zip of the Allen Institute|benchmark_files.py
hellaswag_val.jsonl|hellaswag, hellaswag_acc|rowanz/hellaswag, data/hellaswag_val.jsonl|as it is
gsm8k_test.jsonl|gsm8k, gsm8k_strict, gsm8k_8shot|openai/grade-school-math, grade_school_math/data/test.jsonl|rename
gsm8k_train.jsonl|gsm8k (examples)|openai/grade-school-math, grade_school_math/data/train.jsonl|rename
longbench_v2.json|longbench_v2|hub:THUDM/LongBench-v2, data.json|rename
math_test.jsonl|math|MATH.tar of D. Hendrycks|benchmark_files.py
math_train.jsonl|math (examples)|MATH.tar of D. Hendrycks|benchmark_files.py
document_bi_32k.jsonl|document_bi_32k|hub:In2Training/VaLProbing-32K|as it is, with its skip list
code_backward_32k.jsonl|code_backward_32k|hub:In2Training/VaLProbing-32K|as it is, or scripts/val_questions.py
database_forward_32k.jsonl|database_forward_32k|hub:In2Training/VaLProbing-32K|as it is, or scripts/val_questions.py
LIST
  cat <<'LIST'
dev-v2.0.json|film benchmark ruler (ruler.squad)|SQuAD's own site, 4 MB|as it is
hotpot_dev_distractor_v1.json|film benchmark ruler (ruler.hotpotqa)|HotpotQA's own site, or hub:namlh2004/hotpotqa, 46 MB|as it is
needle_set.json|film benchmark nolima (nolima.needles)|hub:amodaresi/NoLiMa, needlesets; research use only|as it is
rand_book_1.txt|film benchmark nolima (nolima.books)|hub:amodaresi/NoLiMa, haystack/rand_shuffle, five books|as they are, in a folder
nolima.jsonl|nolima|film benchmark nolima|made for the model's tokenizer, a folder a length
mrcr_2needle.jsonl|mrcr_2|hub:openai/mrcr, 2needle, 800 rows of up to 1 M tokens|Parquet as mrcr_2needle.parquet
mrcr_4needle.jsonl|mrcr_4|hub:openai/mrcr, 4needle, 800 rows|Parquet as mrcr_4needle.parquet
mrcr_8needle.jsonl|mrcr_8|hub:openai/mrcr, 8needle, 800 rows|Parquet as mrcr_8needle.parquet
PaulGrahamEssays.json|film benchmark ruler (ruler.essays)|made by NVIDIA/RULER's download_paulgraham_essay.py, 3 MB|or any long English text
LIST
  for task in narrativeqa qasper multifieldqa_en hotpotqa 2wikimqa musique gov_report qmsum multi_news \
    multifieldqa_zh dureader vcsum passage_retrieval_zh lsht passage_retrieval_en passage_count trec triviaqa samsum; do
    echo "$task.jsonl|$task|hub:THUDM/LongBench, data.zip|benchmark_files.py"
  done
  for task in niah_single_1 niah_single_2 niah_single_3 niah_multikey_1 niah_multikey_2 niah_multikey_3 niah_multivalue \
    niah_multiquery vt cwe fwe qa_1 qa_2; do
    echo "$task.jsonl|$task|film benchmark ruler, or NVIDIA/RULER's prepare.py|made for the model's tokenizer, a folder a length"
  done
}
list | while IFS='|' read -r file tasks where how; do
  if [[ -z "$folder" ]]; then
    there=""
  elif [[ -s "$folder/$file" || ( "$file" == *.jsonl && -s "$folder/${file%.jsonl}.parquet" ) ]]; then
    there="there    "
  else
    there="missing  "
  fi
  printf '%s%-32s %-34s %s (%s)\n' "$there" "$file" "$tasks" "$where" "$how"
done
