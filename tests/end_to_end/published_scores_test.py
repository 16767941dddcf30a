#!/usr/bin/env python3
"""film eval --predictions on published outputs gives the published numbers, to the printed digit. Needs FILM_REFERENCE_DATA,
a folder with the outputs of microsoft/FILM and THUDM/LongBench (val_probing, longbench, short_tasks)."""
import decimal
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import tiny_world

MISTRAL, GPT4 = "Mistral-7B-Instruct-v0.2", "gpt4-turbo"
LONG_FILES = ["32", "64", "128", "512"]  # microsoft/FILM's result files, by length of the answer, and the tasks in them
LONG_TASKS = ["hotpotqa", "2wikimqa", "musique", "multifieldqa_en", "narrativeqa", "qasper", "gov_report", "qmsum",
              "multi_news"]
WRITTEN = 6  # of these tasks have answers that are scored by F1
TABLE = {  # arXiv 2404.16811, LongBench, in the order of LONG_TASKS
    MISTRAL: "42.4 24.3 20.8 45.9 23.5 33.8 33.3 24.8 26.8".split(),
    GPT4: "68.5 64.3 49.1 52.7 33.0 50.7 33.9 25.4 24.9".split()}
VAL = {  # its table 1: average and gap
    ("code_backward_32k", MISTRAL): "20.3 59.5", ("code_backward_32k", GPT4): "66.1 46.5",
    ("database_forward_32k", MISTRAL): "47.5 77.0", ("database_forward_32k", GPT4): "89.6 18.0"}
SHORT = {"csqa_0shot": "70.0", "gsm8k_8shot": "40.4"}


def evaluate(folder, files, *more):
    """The scores by task."""
    out = folder / f"out{len(list(folder.iterdir()))}"
    command = ["-q", "eval", "--predictions", *map(str, files), "--out", str(out), *more]
    code, said = tiny_world.run(command, folder)
    assert code == 0, said
    return {score["task"]: score for score in json.loads((out / "scores.json").read_text())["models"][0]["scores"]}


def printed(average):
    """The table rounds the two digits that the original script prints: 42.348 is 42.35 there, and 42.4 in the table."""
    return str(decimal.Decimal(f"{average:.2f}").quantize(decimal.Decimal("0.1"), decimal.ROUND_HALF_UP))


def long_rows(data, folder):
    for model, row in TABLE.items():
        tasks = [task + "_film" for task in LONG_TASKS[:WRITTEN]] + LONG_TASKS[WRITTEN:]
        files = [data / f"longbench/results/{model}/sample_LongBench_output_{length}.jsonl" for length in LONG_FILES]
        scores = evaluate(folder, files, *(word for task in tasks for word in ("--task", task)),
                          "--set", f"task_data={data / 'longbench/answers'}", "--set", "unscored_limit=0.1")
        assert [printed(scores[task]["average"]) for task in tasks] == row, (model, scores)


def long_check_vector(data, folder):
    outputs = data / "longbench/llama2-7b-chat-4k"
    published = json.loads((outputs / "result.json").read_text(encoding="utf-8"))
    scores = evaluate(folder, [outputs / f"{task}.jsonl" for task in LONG_TASKS])  # tasks are named by the files
    assert {task: round(scores[task]["average"], 2) for task in LONG_TASKS} == {task: published[task]
                                                                               for task in LONG_TASKS}


def val_questions(data, folder):
    """The published test sets, rebuilt from the published pieces; the skip lists come out as published."""
    subprocess.run([sys.executable, tiny_world.PROJECT / "scripts/val_questions.py", data / "val_probing/pieces", "-o", folder],
                   check=True, stdout=subprocess.DEVNULL)
    for task in ("code_backward_32k", "database_forward_32k"):
        ours, published = (json.loads((place / f"{task}_skip_list.json").read_text(encoding="utf-8"))
                           for place in (folder, data / "val_probing"))
        assert ours == published, (task, set(ours) ^ set(published))


def val_rows(data, folder):
    val_questions(data, folder)
    for (task, model), published in VAL.items():
        file = data / f"val_probing/results/{model}/sample_{task}.jsonl"
        score = evaluate(folder, [file], "--set", f"task_data={folder}", "--set", "aggregation=val_plot")[task]
        assert f"{score['average']:.1f} {score['gap']:.1f}" == published, (task, model, score["average"], score["gap"])
        assert abs(score["notes"]["plain_mean"] - score["average"]) < 0.5 and score["notes"]["skipped"] > 1, score["notes"]


def short_rows(data, folder):
    results = data / f"short_tasks/results/{MISTRAL}"
    scores = evaluate(folder, [results / f"sample_{task}.jsonl" for task in SHORT],
                      "--set", f"task_data={data / 'short_tasks'}")
    assert {task: f"{score['average']:.1f}" for task, score in scores.items()} == SHORT, scores


def main():
    name = os.environ.get("FILM_REFERENCE_DATA", "")
    if not name or not (pathlib.Path(name) / "longbench").is_dir():
        print("FILM_REFERENCE_DATA names no folder with published outputs: skipped")
        sys.exit(77)
    data = pathlib.Path(name).resolve()
    for check in (long_check_vector, short_rows, val_rows, long_rows):
        with tempfile.TemporaryDirectory() as folder:
            check(data, pathlib.Path(folder))


if __name__ == "__main__":
    main()
