#!/usr/bin/env python3
"""film eval on task files beside a probe, with three models: a benchmark is a JSON file that names its data."""
import json
import pathlib
import sys
import tempfile

import tiny_world

DATA = tiny_world.PROJECT / "data/tasks"
TASKS = {  # what a user writes, in a folder of their own
    "hops": {"file": str(DATA / "multi_hop.jsonl"), "columns": {"id": "id", "context": "context"},
             "prompt": "{context}\nQuestion: {question}\nAnswer:", "wrap": "none", "metric": "F1",
             "max_new_tokens": 4, "stop": ["\n"], "max_prompt_tokens": 200},
    "apart": {"file": str(DATA / "multi_hop.jsonl"), "columns": {"context": "context"}, "metric": "contains answer",
              "max_new_tokens": 4, "max_prompt_tokens": 200},
    "choices": {"file": str(DATA / "reading_choices.jsonl"), "mode": "choose", "metric": "accuracy", "wrap": "none",
                "columns": {"context": "passage", "answers": "answer", "choices": ["options"]},
                "prompt": "{context}\nQuestion: {question}\nAnswer:", "max_prompt_tokens": 200},
}


def main():
    if not tiny_world.HAS_ENGINE:
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tiny_world.prepare(folder, "eval")
        (folder / "tasks").mkdir()
        for task, spec in TASKS.items():
            (folder / "tasks" / f"{task}.json").write_text(json.dumps(spec), encoding="utf-8")
        models = [{"label": "start", "folder": "run/checkpoints/initial"}, {"label": "end", "folder": "run"},
                  {"folder": "run"}]
        command = ["-q", "eval", "--config", "eval.json", "--out", "report", "--json", "--set", "model=",
                   "--set", "models=" + json.dumps(models), "--set", 'task_folders=["tasks"]',
                   "--set", 'tasks=["in2", "hops", "apart", "choices"]']
        code, said = tiny_world.run(command, folder)
        assert code == 0, said
        result = json.loads(said)
        assert [model["label"] for model in result["models"]] == ["start", "end", "run"], result["models"]
        end, again = result["models"][1]["scores"], result["models"][2]["scores"]
        assert end == again, "the same model scores the same"
        for score, questions in zip(end, (6, 20, 20, 18)):
            assert score["count"] == questions, score
            assert ("positions" in score) == (score["task"] == "in2"), score
        assert end[1]["notes"]["truncated"]["texts"] == 20, end[1]["notes"]
        assert [(c["before"], c["after"]) for c in result["comparisons"]] == [("start", "end"), ("start", "run")] * 4
        rows = (folder / "report/predictions/choices.end.jsonl").read_text(encoding="utf-8").splitlines()
        row = json.loads(rows[0])
        assert len(row["log_likelihoods"]) == 4 and all(value < 0 for value in row["log_likelihoods"]), row
        page = (folder / "report/report.html").read_text(encoding="utf-8")
        assert 'class="overview"' in page and "difference from start" in page
        assert tiny_world.run(command, folder) == (0, said), "a finished folder prints the same"
        # What this program wrote is scored again without the model, and the scores are the same.
        files = [f"report/predictions/{task}.end.jsonl" for task in ("in2", "hops", "apart", "choices")]
        code, said = tiny_world.run(["-q", "eval", "--predictions", *files, "--config", "eval.json", "--out", "again",
                                     "--set", "model=", "--set", f"tokenizer={tiny_world.TOKENIZER}",
                                     "--set", 'task_folders=["tasks"]', "--set", 'tasks=["in2", "hops", "apart", "choices"]'],
                                    folder)
        assert code == 0, said
        again = json.loads((folder / "again/scores.json").read_text(encoding="utf-8"))["models"][0]["scores"]
        assert [(score["count"], score["average"]) for score in again] == [(s["count"], s["average"]) for s in end], again
        # Another question is another evaluation.
        (folder / "tasks/hops.json").write_text(json.dumps({**TASKS["hops"], "remark": "changed"}), encoding="utf-8")
        (folder / "report/manifest.json").unlink()
        code, said = tiny_world.run(command, folder)
        assert code == 78 and "hops.hops.json" in said, said


if __name__ == "__main__":
    main()
