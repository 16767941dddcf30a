#!/usr/bin/env python3
"""film benchmark: questions made for a tokenizer are read, asked and scored by the task files of their benchmark."""
import json
import pathlib
import tempfile

import tiny_world

RULER = ["benchmark", "ruler", "--tokenizer", str(tiny_world.TOKENIZER), "--set", "ruler.samples=20"]
TASKS = ["niah_single_1", "niah_multikey_3", "vt", "fwe"]


def run(folder, *arguments):
    code, said = tiny_world.run(arguments, folder)
    assert code == 0, said
    return said


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def check_written(folder):
    command = [*RULER, "--out", "ruler", "--lengths", "[2000,4000]", *(word for task in TASKS for word in ("--task", task))]
    facts = json.loads(run(folder, "-q", *command, "--json"))
    assert facts["rows"] == dict.fromkeys(sorted(TASKS), 20), facts
    assert 1800 < facts["mean_tokens"]["2000"]["niah_single_1"] <= 2000, facts
    assert "nothing to do" in run(folder, *command)
    assert "20 questions of each length (vt)" in run(folder, "check", "ruler")
    assert "niah_single_1" in run(folder, "status", "ruler")
    for length in (2000, 4000):
        assert [len(rows_of(folder / f"ruler/{length}/{task}.jsonl")) for task in TASKS] == [20] * 4


def check_scored(folder):
    """Outputs in RULER's own form; what is found in the first half of the context only gives a curve that says so."""
    (folder / "pred").mkdir()
    for task in TASKS:
        rows = rows_of(folder / f"ruler/2000/{task}.jsonl")
        early = [2 * row.get("slot", 0) < row.get("slots", 1) for row in rows]
        lines = [json.dumps({"index": row["index"], "pred": f"they are {', '.join(row['outputs'])}" if first else "none",
                             "outputs": row["outputs"]}) for row, first in zip(rows, early)]
        (folder / f"pred/{task}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    files = [f"pred/{task}.jsonl" for task in TASKS]
    run(folder, "-q", "eval", "--predictions", *files, "--set", "task_data=ruler/2000", "--out", "scored",
        "--set", "bins=2")
    scores = {score["task"]: score for score in json.loads((folder / "scored/scores.json").read_text())["models"][0]["scores"]}
    assert [place["mean"] for place in scores["niah_single_1"]["positions"]] == [100, 0], scores["niah_single_1"]
    assert scores["niah_multikey_3"]["gap"] == 100 and "positions" not in scores["vt"], scores["vt"]
    assert scores["vt"]["average"] == scores["fwe"]["average"] == 100


def check_asked(folder):
    """A model that runs here has room for prompt, template and answer."""
    run(folder, *RULER, "--out", "short", "--lengths", "[500]", "--task", "niah_single_1")
    run(folder, "-q", "eval", "run", "--task", "niah_single_1", "--prompt", "film", "--set", "task_data=short/500",
        "--limit", "3", "--out", "asked")
    asked = next((folder / "asked/predictions").glob("niah_single_1*.jsonl"))
    assert len(rows_of(asked)) == 3


def check_wrong(folder):
    wrong = ((["benchmark", "ruler", "--out", "x"], 2, "--tokenizer"), (RULER, 2, "--out"),
             ([*RULER, "--out", "x"], 78, "ruler.essays"),
             ([*RULER, "--out", "x", "--task", "niah_singel_1"], 78, "niah_single_1"),
             ([*RULER, "--out", "x", "--task", "vt", "--lengths", "[300]"], 78, "does not fit"),
             (["benchmark", "rouler", "--tokenizer", "t", "--out", "x"], 78, "ruler"),
             ([*RULER, "--out", "x", "--task", "qa_1", "--set", "ruler.squad=nowhere.json"], 66, "nowhere.json"),
             (["show", "ruler"], 2, "benchmark"))
    for command, expected, word in wrong:
        code, said = tiny_world.run(command, folder)
        assert code == expected and word in said, (command, code, said)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if tiny_world.HAS_ENGINE:
            tiny_world.prepare(folder, "eval")
        check_written(folder)
        check_scored(folder)
        if tiny_world.HAS_ENGINE:
            check_asked(folder)
        check_wrong(folder)


if __name__ == "__main__":
    main()
