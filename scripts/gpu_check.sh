#!/usr/bin/env bash
# Usage: gpu_check.sh [--quick | --only A,B] [--floors] [--train-7b] [--probe-7b] [--soak] [--limit SECONDS]
#                     [--torch FOLDER] [--out FOLDER]
# Every correctness check of film that needs an NVIDIA GPU, in one call: under nine minutes; --quick: two minutes, for
# when no CUDA code has changed; --only: some of them by name, after those that they need. --floors also measures how fast this GPU does the parts of a training step.
# These run instead of the checks, under nine minutes each (or --limit), so one a call:
#   --train-7b  steps of a 7B model from random weights, 8K to 32K tokens, every place of the optimizer's state
#   --probe-7b  800 questions on one context of 32K tokens (transformers beside it where its package is)
#   --soak      a small model trained, stopped and resumed over and over
# They write a Markdown table MODE.md and MODE.json into --out.
# Runs from the unpacked bundle (scripts/bundle.sh) or from the sources after `scripts/build.sh cuda`.
# Ends with a table, and results.json in --out (default gpu-check): 0 all passed, 1 something failed, 69 no usable GPU,
# 78 Torch or the build do not fit. Torch: --torch, else FILM_TORCH_DIR, else python3's.
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
quick="" only="" floors="" modes=() limit=500 out="gpu-check"
while (($#)); do
  case "$1" in
    --quick) quick=1 ;;
    --only) only="${2:?--only NAME,NAME}" && shift ;;
    --floors) floors=1 ;;
    --train-7b | --probe-7b) mode="${1#--}" && modes+=("${mode%-7b}") ;;
    --soak) modes+=(soak) ;;
    --limit) limit="${2:?--limit SECONDS}" && shift ;;
    --torch) FILM_TORCH_DIR="${2:?--torch FOLDER}" && shift ;;
    --out) out="${2:?--out FOLDER}" && shift ;;
    -h | --help) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "error: unknown argument '$1'" >&2; exit 2 ;;
  esac
  shift
done
if [[ -d "$here/bin" ]]; then
  bin="$here/bin" data="$here/data"
else
  bin="${FILM_BUNDLE_BUILD:-$here/../build/cuda}" data="$here/../data"
fi
stop() { # CODE WHAT REMEDY
  printf 'error: %s\n  what to do: %s\n' "$2" "$3" >&2
  exit "$1"
}
[[ -x "$bin/film" && -e "$bin/libfilm_cuda.so" ]] || stop 78 "$bin has no film with CUDA" "run scripts/build.sh cuda"
[[ -n "${FILM_TORCH_DIR:-}" ]] || # the one that Python would use, found without loading it
  FILM_TORCH_DIR="$(python3 -c 'import importlib.util as u, os; print(os.path.dirname(u.find_spec("torch").origin))' 2>/dev/null)"
[[ -e "${FILM_TORCH_DIR:-}/lib/libtorch_cuda.so" ]] ||
  stop 78 "no Torch with CUDA in '${FILM_TORCH_DIR:-}'" "name its folder: --torch /where/site/torch"
FILM_TORCH_DIR="$(cd "$FILM_TORCH_DIR" && pwd)"
export FILM_TORCH_DIR FILM_TEST_DATA_DIR="$data" OMP_WAIT_POLICY=PASSIVE
# Only film's own libraries and Torch's: another CUDA in the search path would shadow the one that Torch brings.
# Folders that hold the driver stay, behind them: some containers show it in no other way.
driver_folders=""
export FILM_GIVEN_LIBRARY_PATH="${LD_LIBRARY_PATH:-}" # for other programs, which film is compared with
IFS=: read -ra given <<<"$FILM_GIVEN_LIBRARY_PATH"
for folder in "${given[@]}"; do
  [[ -z "$folder" || ! -e "$folder/libcuda.so.1" ]] || driver_folders+=":$folder"
done
LD_LIBRARY_PATH="$FILM_TORCH_DIR/lib"
[[ ! -d "$here/lib" ]] || LD_LIBRARY_PATH="$here/lib:$LD_LIBRARY_PATH"
export LD_LIBRARY_PATH="$LD_LIBRARY_PATH$driver_folders"
mkdir -p "$out" && out="$(cd "$out" && pwd)" || exit 73

"$bin/film" doctor --out "$out" | tee "$out/doctor.txt"
grep -q '^ok  *GPU ' "$out/doctor.txt" ||
  stop 69 "no GPU that film can use: nothing was checked" "see the line GPU above"

names=() states=() seconds=() notes=()
record() { names+=("$1") states+=("$2") seconds+=("$3") notes+=("$4"); }

wanted() { [[ -z "$only" || ",$only," == *",$1,"* ]]; } # by --only

# check NAME LIMIT_SECONDS COMMAND...: passes when the command does; its output goes to NAME.log.
check() {
  local name="$1" limit="$2" start="$SECONDS" status state=passed
  wanted "$name" || return 0
  shift 2
  printf '%s ...\n' "$name"
  if declare -F "$1" >/dev/null; then # timeout runs programs only
    set -- bash -c '"$@"' bash "$@"
  fi
  timeout "$limit" "$@" >"$out/$name.log" 2>&1
  status=$?
  ((status == 0)) || state=failed
  record "$name" "$state" "$((SECONDS - start))" "$( ((status == 0)) || echo "exit $status, see $name.log")"
  return "$status"
}

# tests NAME LIMIT PROGRAM FILTER: a GoogleTest program; skipped or missing tests count as failed.
tests() {
  local program="$3" log="$out/$1.log" passed skipped
  wanted "$1" || return 0
  check "$1" "$2" "$bin/$program" --gtest_filter="$4" || return
  passed="$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$log")"
  skipped="$(grep -c '^\[  SKIPPED \].*ms)' "$log")"
  notes[-1]="${passed:-0} tests"
  if [[ "${passed:-0}" == 0 ]] || ((skipped > 0)); then
    states[-1]=failed notes[-1]="${passed:-0} passed, $skipped skipped"
  fi
}

prepare() { # RUN SETTING...: `command` trains a small model on the GPU
  local setting
  command=("$bin/film" train --out "$out/$1")
  shift
  for setting in device=cuda tokenizer="$data/tokenizer/small.model" prompt=plain model.vocab_size=2048 \
    model.hidden_size=256 model.intermediate_size=512 model.num_hidden_layers=4 model.num_attention_heads=4 \
    model.num_key_value_heads=2 model.head_dim=64 pack_tokens=2048 precision=bfloat16 memory.chunk=1 save_every=10 \
    "stages=[{\"data\":[\"$out/DATA\"],\"batch\":8,\"steps\":60,\"schedule\":{\"peak\":0.001}}]" "$@"; do
    command+=(--set "$setting")
  done
}
train() { prepare "$@" && "${command[@]}"; }

make_data() {
  local i
  rm -rf "$out/corpus" "$out/DATA"
  mkdir -p "$out/corpus"
  for i in {0..11}; do
    awk -v part="$i" 'NR % 12 == part' "$data/tokenizer/training_text.txt" >"$out/corpus/part$i.txt"
  done
  "$bin/film" synth --out "$out/DATA" --set inputs="$out/corpus" --set tokenizer="$data/tokenizer/small.model" \
    --set segment.tokens=16 --set contexts.train=200 --set contexts.validation=0 --set contexts.test=100 \
    --set 'contexts.target={"min":48,"max":96}' --set 'split={"train":0.75,"validation":0,"test":0.25}' &&
    "$bin/film" qa "$out/DATA"
}

losses() { sed -n 's/.*"loss":\([^,]*\),.*/\1/p' "$out/$1/metrics.jsonl"; }
# close RUN RUN: as many losses, and none further apart than a GPU's sums in another order explain.
close() {
  paste <(losses "$1") <(losses "$2") | awk '
    NF != 2 { bad = 1 }
    { d = $1 - $2; d = (d < 0 ? -d : d) / ($1 > 0.5 ? $1 : 0.5); if (d > worst) worst = d } # losses go to 0
    END { printf "%d steps, largest difference of a loss %g\n", NR, worst; exit bad || NR == 0 || worst > 0.05 }'
}

# A run that is stopped resumes where it was: the losses are those of a run that was not.
kill_and_resume() {
  local run whole tries=0
  rm -rf "$out"/run-{whole,stopped,host}
  train run-whole || return
  prepare run-stopped
  "${command[@]}" & # not the function: the signal is for film itself
  run=$!
  until [[ "$(wc -l 2>/dev/null <"$out/run-stopped/metrics.jsonl")" -ge 25 ]] || ! kill -0 "$run" || ((++tries > 3000)); do
    sleep 0.02
  done
  kill -TERM "$run"
  wait "$run"
  whole=$?
  [[ "$whole" == 75 ]] || { echo "stopped with exit $whole, expected 75"; return 1; }
  train run-stopped && close run-whole run-stopped
}
host_tier() { train run-host memory.offload=cpu && close run-whole run-host; }

outputs() { sed -n 's/.*"output":"\(\([^"\\]\|\\.\)*\)".*/\1/p' "$out/report-$1/predictions/in2.after.jsonl"; }
# film eval in fp32: the GPU's answers are the CPU's.
evaluation() {
  local device
  rm -rf "$out"/report-{cpu,cuda}
  for device in cpu cuda; do
    "$bin/film" eval "$out/run-whole" --out "$out/report-$device" --set device="$device" --set precision=float32 \
      --set data="[\"$out/DATA\"]" --set 'tasks=["in2"]' --set in2.max_new_tokens=12 || return
  done
  [[ "$(outputs cpu | wc -l)" -ge 8 ]] && diff <(outputs cpu) <(outputs cuda)
}

find_sanitizer() {
  local place
  for place in "$(command -v compute-sanitizer)" "${CUDA_HOME:-/usr/local/cuda}"/bin/compute-sanitizer; do
    [[ ! -x "$place" ]] || { printf '%s' "$place"; return; }
  done
}
sanitize() { # TOOL: the kernels alone; ATen's own are not ours to judge
  # With Torch's cache an overrun lands in its slab and is not seen, and the cache's own calls are reported.
  PYTORCH_NO_CUDA_MEMORY_CACHING=1 "$sanitizer" --tool "$1" --error-exitcode 9 --kernel-regex kns=film "$bin/film_test_kernels" \
    --gtest_filter='*OnGpu*-*Nccl*' # NCCL asks the driver for things that not every machine has, and takes the refusal
}

export bin data out
export -f prepare train make_data losses close kill_and_resume host_tier outputs evaluation sanitize
begin="$SECONDS"
measure() { # MODE: gpu_check.py beside this script; its table is shown
  check "$1" "$((limit + 40))" python3 "$here/gpu_check.py" "$1" --limit "$limit" --bin "$bin" --data "$data" --out "$out"
  [[ ! -e "$out/$1.md" ]] || { printf '\n' && cat "$out/$1.md"; }
}
all_checks() {
  tests kernels 180 film_test_kernels '*OnGpu*'
  tests model 180 film_test_model '*OnGpu*'
  tests generation 120 film_test_generation '*OnGpu*'
  tests training 120 film_test_train '*OnGpu*:*gpu_*'
  if [[ -z "$quick" ]]; then
    if check data 30 make_data; then
      check kill-and-resume 120 kill_and_resume
      check host-tier 60 host_tier
      check evaluation 120 evaluation
    fi
    sanitizer="$(find_sanitizer)"
    export sanitizer
    if [[ -n "$sanitizer" ]]; then
      check memcheck 240 sanitize memcheck
      check racecheck 240 sanitize racecheck
    elif wanted memcheck || wanted racecheck; then
      record compute-sanitizer missing 0 "not installed: it is part of the CUDA toolkit"
    fi
  fi
}
for mode in "${modes[@]}"; do
  [[ "$mode" != soak || -d "$out/DATA/questions" ]] || check data 30 make_data || continue
  measure "$mode"
done
((${#modes[@]} > 0)) || all_checks
[[ -z "$floors" ]] || check floors 300 "$bin/film_bench_floors"
((${#names[@]} > 0)) || stop 2 "nothing was checked: no check is called '$only'" "see the names in the table of a whole run"

failed=0 is_quick=false
[[ -z "$quick" ]] || is_quick=true
printf '\n%-18s %-8s %8s  %s\n' check state seconds note
{
  printf '{"quick": %s, "seconds": %d, "gpu": "%s", "checks": [' "$is_quick" "$((SECONDS - begin))" \
    "$(sed -n 's/^ok  *GPU  *//p' "$out/doctor.txt" | head -n 1)"
  for i in "${!names[@]}"; do
    printf '%s\n  {"check": "%s", "state": "%s", "seconds": %d, "note": "%s"}' "$( ((i == 0)) || echo ,)" "${names[i]}" \
      "${states[i]}" "${seconds[i]}" "${notes[i]}"
  done
  printf '\n]}\n'
} >"$out/results.json"
for i in "${!names[@]}"; do
  printf '%-18s %-8s %8d  %s\n' "${names[i]}" "${states[i]}" "${seconds[i]}" "${notes[i]}"
  [[ "${states[i]}" != failed ]] || failed=1
done
printf '%d seconds; results in %s\n' "$((SECONDS - begin))" "$out/results.json"
exit "$failed"
