#!/usr/bin/env python3
"""film eval on task files beside a probe, with three models: a benchmark is a JSON file that names its data."""
import json
import pathlib
import shutil
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


def check_joined(folder, command):
    """film report: two evaluations on one page; made again with one of them, it holds that one alone."""
    other = [word.replace('"label": "start"', '"label": "first"').replace("report", "other") for word in command]
    assert tiny_world.run(other, folder)[0] == 0
    code, said = tiny_world.run(["-q", "report", "report", "other", "--out", "joined", "--json"], folder)
    assert code == 0, said
    joined = json.loads(said)
    # All three are the same weights with the same scores as before.
    assert [model["label"] for model in joined["models"]] == ["start", "end", "run"], joined["models"]
    page = (folder / "joined/report.html").read_text(encoding="utf-8")
    assert "first of other is start of report again" in page and "film -q report report other" in page
    code, said = tiny_world.run(["report", "other", "--out", "joined"], folder)
    assert code == 0 and "wrote joined" in said, said
    assert "first" in (folder / "joined/scores.tex").read_text(encoding="utf-8")
    code, said = tiny_world.run(["status", "joined"], folder)
    assert code == 0 and "joined (report)" in said, said
    code, said = tiny_world.run(["report", "run", "--out", "joined"], folder)
    assert code == 2 and "run is no evaluation" in said, said


def check_judge_plan(folder, dry):
    """A judge that runs here is planned for, with the longest answers that it may have to read; one that is served is not."""
    rubric = ["--set", f"judge.rubric={tiny_world.PROJECT / 'configs/prompts/judge/correct.txt'}"]

    def plans(*settings):
        code, said = tiny_world.run([*dry, *rubric, *settings], folder)
        assert code == 0, said
        return json.loads(said)

    def judge(*settings):
        *_, last = plans("--set", "judge.model=run/checkpoints/initial", *settings)
        assert last["model"] == "judge" and last["memory"]["planned"] > 0, last
        return {item["item"]: item["bytes"] for item in last["memory"]["items"]}

    served = plans("--set", "judge.endpoint.model=m", "--set", "judge.endpoint.base_url=http://127.0.0.1:9/v1")
    assert [plan["model"] for plan in served] == ["start", "end", "run"], served
    short, longer = (judge("--set", 'judge.tasks=["in2"]', "--set", f"in2.max_new_tokens={most}") for most in (8, 800))
    assert short["weights"] == longer["weights"] > 0 and sum(longer.values()) > sum(short.values()), (short, longer)
    apart = ["--set", 'task_folders=["tasks"]', "--set", 'tasks=["apart"]', "--set", f"tokenizer={tiny_world.TOKENIZER}"]
    assert tiny_world.run(["eval", *apart, "--write-questions", "apart.jsonl"], folder)[0] == 0
    rows = [json.loads(line) for line in (folder / "apart.jsonl").read_text(encoding="utf-8").splitlines()]
    given = []
    for answer in ("Paris", "Paris " * 900):  # of outputs that are there, what they are counts
        (folder / "given.jsonl").write_text("".join(json.dumps({"task": "apart", "id": row["id"], "output": answer,
                                                                "expected": row["answer"]}) + "\n" for row in rows),
                                            encoding="utf-8")
        code, said = tiny_world.run(["-q", "eval", "--predictions", "given.jsonl", *apart, *rubric, "--dry-run", "--json",
                                     "--set", "judge.model=run/checkpoints/initial"], folder)
        assert code == 0, said
        (plan,) = json.loads(said)
        given.append(plan["memory"]["planned"])
    assert given[1] > given[0], given
    (folder / "apart.jsonl").unlink()
    (folder / "given.jsonl").unlink()


def check_dry_run(folder, command):
    """The memory of each model from all tasks; nothing is written. A limit that is too small is refused by plan and by run."""
    at = command.index("--out")
    dry = command[:at] + command[at + 2:] + ["--dry-run"]
    before = sorted(folder.rglob("*"))
    code, said = tiny_world.run(dry, folder)
    assert code == 0 and sorted(folder.rglob("*")) == before, said
    plans = json.loads(said)
    assert [plan["model"] for plan in plans] == ["start", "end", "run"], plans
    for plan in plans:
        items = {item["item"]: item["bytes"] for item in plan["memory"]["items"]}
        assert sum(items.values()) == plan["memory"]["planned"] <= plan["limit"], plan
        # 30 ids of a context at least; one layer, keys and values of 8 numbers of 4 bytes.
        assert items["context"] == plan["context_tokens"] * 64 >= 30 * 64, plan
        assert plan["questions"] == plan["memory"]["open"] == 3, "questions_per_call"
    text = tiny_world.run([word for word in dry if word != "--json"], folder)[1]
    assert "open questions" in text and "it may take" in text, text
    check_judge_plan(folder, dry)
    small = ["--set", "memory_limit=0.001"]
    for refused in (dry + small, command + small):
        code, said = tiny_world.run(refused, folder)
        assert code == 78 and "asking this model needs" in said, said
    shutil.rmtree(folder / "report")


def check_questions(folder):
    """The questions of all tasks in a file, without a model; outputs that are their answers, matched by id, are all right."""
    tasks = ["--config", "eval.json", "--set", "model=", "--set", f"tokenizer={tiny_world.TOKENIZER}", "--set",
             'task_folders=["tasks"]', "--set", 'tasks=["in2", "hops", "apart", "choices"]']
    code, said = tiny_world.run(["eval", *tasks, "--write-questions", "questions.jsonl"], folder)
    assert code == 0 and "wrote 64 questions to questions.jsonl" in said, said
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(row["question"] and row["answer"] for row in rows), rows
    of = {task: [row for row in rows if row["task"] == task] for task in TASKS}
    assert all(row["form"] == "text" and row["question"].endswith("Answer:") and len(row["question"]) > 200 for row in of["hops"])
    assert all(len(row["context"]) > 200 and "context" not in of["hops"][0] for row in of["apart"])
    assert all(len(row["choices"]) == 4 for row in of["choices"]), of["choices"][0]
    written = [row for row in rows if row["task"] != "choices"]
    outputs = "".join(json.dumps({"id": row["id"], "task": row["task"], "output": row["answer"], "expected": row["answer"]}) + "\n"
                      for row in reversed(written))
    (folder / "outputs.jsonl").write_text(outputs, encoding="utf-8")
    code, said = tiny_world.run(["-q", "eval", "--predictions", "outputs.jsonl", "--out", "elsewhere", "--json", *tasks[:-1],
                                 'tasks=["in2", "hops", "apart"]'], folder)
    assert code == 0, said
    assert [score["average"] for score in json.loads(said)["models"][0]["scores"]] == [100, 100, 100], said


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
        check_dry_run(folder, command)
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
        assert end[3]["notes"]["chance"] == 25, end[3]["notes"]
        assert result["models"][1]["origin"]["sha256"] == result["models"][2]["origin"]["sha256"], result["models"]
        samples = [json.loads(line) for line in (folder / "report/samples.jsonl").read_text(encoding="utf-8").splitlines()]
        assert {sample["prediction"]["task"] for sample in samples} == {"in2", "hops", "apart", "choices"}
        assert all(sample["question"] for sample in samples)
        in2 = [part for sample in samples if sample["prediction"]["task"] == "in2" for part in sample["context"]]
        assert any(part["evidence"] for part in in2), in2
        assert tiny_world.run(command, folder) == (0, said), "a finished folder prints the same"
        check_joined(folder, command)
        check_questions(folder)
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
