#!/usr/bin/env python3
"""film's tasks by log-likelihood against lm-evaluation-harness (PyPI), example by example, and in CPU seconds.

  . ~/.cache/film/env.sh && $FILM_TEST_PYTHON tests/bench/harness.py [--film FILE] [--items 60] [--folder FOLDER]

A tiny random Mistral with the real vocabulary answers rows of the right shape (harness_data.py) twice: through the harness,
with its own task definitions, and through film, with configs/tasks/short. Prints a Markdown table; exits 1 when a
log-likelihood differs by more than rounding or an example is scored otherwise. Seconds: of the harness its requests alone,
of film the whole command. The packages of the harness are installed
once, into ~/.cache/film/bench/lm-eval.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import harness_data

BENCH = pathlib.Path(__file__).resolve().parent
PROJECT = BENCH.parents[1]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "film/bench/lm-eval"
SHAPE = dict(vocab_size=32000, hidden_size=256, intermediate_size=768, num_hidden_layers=4, num_attention_heads=8,
             num_key_value_heads=2, head_dim=32, max_position_embeddings=4096, sliding_window=None, rope_theta=1e6)
LARGEST = 2e-3  # difference of two sums of fp32 log-probabilities


def install():
    """Adds the harness to the packages that are there already (torch and transformers of the tests)."""
    wanted = (BENCH / "harness.txt").read_text(encoding="utf-8")
    made = CACHE / "harness.txt"
    if not made.exists() or made.read_text(encoding="utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", CACHE / "packages", "--no-deps",
                        "-r", BENCH / "harness.txt"], check=True)
        made.write_text(wanted, encoding="utf-8")
    sys.path.append(str(CACHE / "packages"))


def make_model(folder):
    import torch
    from transformers import MistralConfig, MistralForCausalLM
    torch.manual_seed(5)
    model = MistralForCausalLM(MistralConfig(**SHAPE)).float().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(4)  # so that choices differ by more than rounding
    model.save_pretrained(folder)
    shutil.copy(os.environ["FILM_TOKENIZER"], folder / "tokenizer.model")
    (folder / "tokenizer_config.json").write_text(json.dumps(
        {"tokenizer_class": "LlamaTokenizer", "legacy": True, "add_bos_token": True, "add_eos_token": False,
         "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}))


def write_rows(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def write_data(folder, items):
    data = harness_data
    for name, make in (("hellaswag_val", data.hellaswag), ("arc_challenge_test", data.arc), ("boolq_val", data.boolq),
                       ("commonsense_qa_validation", data.commonsense), ("race_high_test", data.race)):
        write_rows(folder / f"{name}.jsonl", data.rows(make, items if "race" not in name else items // 2, name))
    every = {"dev": [], "test": []}
    for subject in data.SUBJECTS:
        for part, count in (("dev", 5), ("test", items)):
            rows = [{**row, "subject": subject} for row in data.rows(data.mmlu, count, subject + part)]
            write_rows(folder / f"{part}_{subject}.jsonl", rows)
            every[part] += rows
    for part, rows in every.items():
        write_rows(folder / f"mmlu_{part}.jsonl", rows)


def task_files(folder):
    """The harness's own definitions, with our files as their data: name -> (film's task, metric)."""
    import lm_eval
    own = pathlib.Path(lm_eval.__file__).parent / "tasks"
    configs = folder / "harness"
    configs.mkdir()

    def define(name, include, files):
        lines = [f"include: {own / include}", f"task: film_{name}", "dataset_path: json", "dataset_name: null",
                 "dataset_kwargs:", "  data_files:"]
        (configs / f"{name}.yaml").write_text("\n".join(lines + [f"    {k}: {folder / v}" for k, v in files.items()]) +
                                              "\n", encoding="utf-8")

    define("hellaswag", "hellaswag/hellaswag.yaml", {"validation": "hellaswag_val.jsonl", "train": "hellaswag_val.jsonl"})
    define("arc", "arc/arc_challenge.yaml", dict.fromkeys(("train", "validation", "test"), "arc_challenge_test.jsonl"))
    define("boolq", "super_glue/boolq/default.yaml", dict.fromkeys(("train", "validation"), "boolq_val.jsonl"))
    define("csqa", "commonsense_qa/default.yaml", dict.fromkeys(("train", "validation"), "commonsense_qa_validation.jsonl"))
    define("race", "race/race.yaml", {"test": "race_high_test.jsonl"})
    for subject in harness_data.SUBJECTS:
        name = f"mmlu_{subject}"
        define(name, "mmlu/default/_default_template_yaml",
               {"test": f"test_{subject}.jsonl", "dev": f"dev_{subject}.jsonl"})
        with open(configs / f"{name}.yaml", "a", encoding="utf-8") as file:
            subject = subject.replace("_", " ")
            file.write('description: "The following are multiple choice questions (with answers) about '
                       f'{subject}.\\n\\n"\nnum_fewshot: 5\n')
    return configs


TASKS = {"hellaswag": (["hellaswag"], "acc_norm"), "hellaswag_acc": (["hellaswag"], "acc"),
         "arc_challenge": (["arc"], "acc_norm"), "arc_challenge_acc": (["arc"], "acc"), "boolq": (["boolq"], "acc"),
         "commonsense_qa": (["csqa"], "acc"), "race_high": (["race"], "acc"),
         "mmlu": ([f"mmlu_{subject}" for subject in harness_data.SUBJECTS], "acc")}


def ask_harness(folder, batch):
    """task -> rows of (log-likelihoods, sample), and by task the CPU seconds of its requests alone."""
    os.environ.update(HF_DATASETS_CACHE=str(folder / "cache"), HF_DATASETS_OFFLINE="1", HF_HUB_OFFLINE="1")
    import torch
    from lm_eval import simple_evaluate
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager
    torch.set_num_threads(1)
    model = HFLM(pretrained=str(folder / "model"), device="cpu", dtype="float32", batch_size=batch)
    manager = TaskManager(include_path=str(folder / "harness"), include_defaults=False)
    rate, spent = model.loglikelihood, [0.0]

    def timed(requests, **more):
        begin = time.process_time()
        rated = rate(requests, **more)
        spent[0] += time.process_time() - begin
        return rated

    model.loglikelihood = timed
    answers, seconds = {}, {}
    for name in sorted({name for names, _ in TASKS.values() for name in names}):
        spent[0] = 0.0
        result = simple_evaluate(model, tasks=[f"film_{name}"], task_manager=manager, log_samples=True, bootstrap_iters=0)
        seconds[name] = spent[0]
        samples = sorted(result["samples"][f"film_{name}"], key=lambda sample: sample["doc_id"])
        answers[name] = [([float(resp[0]) for resp in sample["filtered_resps"]], sample) for sample in samples]
    return answers, seconds


def ask_film(options, folder, task):
    out = folder / "eval" / task
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [options.film, "--quiet", "eval", "--out", out, "--set", f"model={folder / 'model'}", "--set", f'tasks=["{task}"]',
         "--set", f"task_data={folder}", "--set", "threads=1", "--set", "resamples=100", "--set", "prompt=film"],
        capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"film eval {task} failed with exit code {done.returncode}:\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    file = next((out / "predictions").glob("*.jsonl"))
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return rows, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(task, film_rows, harness_rows, metric):
    """Largest difference of a log-likelihood, and the share of examples scored alike. Ties within rounding are alike."""
    if len(film_rows) != len(harness_rows):
        raise SystemExit(f"{task}: {len(film_rows)} rows here, {len(harness_rows)} in the harness")
    largest, alike = 0.0, 0
    for ours, (theirs, sample) in zip(film_rows, harness_rows):
        largest = max(largest, *(abs(a - b) for a, b in zip(ours["log_likelihoods"], theirs, strict=True)))
        alike += ours["score"] == float(sample[metric])
    return largest, alike


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--film", default=str(PROJECT / "build/release/film"))
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--batch", type=int, default=1, help="of the harness; its default is 1")
    parser.add_argument("--folder", type=pathlib.Path, help="kept; default: a temporary one")
    options = parser.parse_args()
    install()
    with tempfile.TemporaryDirectory(prefix="film-harness-") as temporary:
        folder = options.folder or pathlib.Path(temporary)
        (folder / "model").mkdir(parents=True)
        make_model(folder / "model")
        write_data(folder, options.items)
        task_files(folder)
        theirs, their_seconds = ask_harness(folder, options.batch)
        print("| task | metric | examples | largest difference | scored alike | harness, CPU s | film, CPU s | ratio |")
        print("|---|---|---|---|---|---|---|---|")
        failed = False
        for task, (names, metric) in TASKS.items():
            rows, seconds = ask_film(options, folder, task)
            harness_rows = [row for name in names for row in theirs[name]]
            largest, alike = compare(task, rows, harness_rows, metric)
            spent = sum(their_seconds[name] for name in names)
            failed = failed or largest > LARGEST or alike != len(rows)
            print(f"| `{task}` | {metric} | {len(rows)} | {largest:.1e} | {alike} | {spent:.1f} | {seconds:.1f} | "
                  f"{spent / seconds:.1f} |", flush=True)
        sys.exit(failed)


if __name__ == "__main__":
    main()
