#!/usr/bin/env python3
"""film eval with a cache asks a model once for several evaluations; with yarn_factor it asks beyond the trained window."""
import pathlib
import sys
import tempfile

import tiny_world


def evaluate(folder, out, *more):
    return tiny_world.run(["-q", "eval", "--config", "eval.json", "--out", out, *more], folder)


def predictions(folder, out):
    return {path.name: path.read_bytes() for path in (folder / out / "predictions").iterdir()}


def check_cache(folder):
    assert evaluate(folder, "plain")[0] == 0
    cached = ["--set", "cache=answers"]
    for out in ("first", "second"):
        code, said = evaluate(folder, out, *cached)
        assert code == 0, said
        assert predictions(folder, out) == predictions(folder, "plain"), out
    kept = sorted((folder / "answers").glob("*/answers.jsonl"))
    lines = [len(path.read_bytes().splitlines()) for path in kept]
    assert len(kept) == 2 and lines == [6, 6], lines  # the run and its starting point, six questions each
    assert evaluate(folder, "third", *cached, "--set", "in2.max_new_tokens=2")[0] == 0
    assert sorted((folder / "answers").glob("*/answers.jsonl")) == kept, "the limit of an answer is part of its key"
    assert evaluate(folder, "fourth", *cached, "--prompt", "film")[0] == 0
    assert len(sorted((folder / "answers").glob("*/answers.jsonl"))) == 4, "another template is another folder"
    kept[0].write_text('{"key": 1}\n', encoding="utf-8")
    kept[1].write_text('{"key": 1}\n', encoding="utf-8")
    code, said = evaluate(folder, "fifth", *cached)
    assert code == 65 and "answers.jsonl" in said, said


def check_yarn(folder):
    """The model's window is 512 tokens."""
    code, said = tiny_world.run(["benchmark", "ruler", "--tokenizer", str(tiny_world.TOKENIZER), "--out", "ruler",
                                 "--lengths", "[900]", "--task", "niah_single_1", "--set", "ruler.samples=2"], folder)
    assert code == 0, said
    command = ["-q", "eval", "run/checkpoints/final", "--task", "niah_single_1", "--set", "task_data=ruler/900", "--out"]
    final = sorted((folder / "run/checkpoints").iterdir())[-1]
    command[2] = str(final.relative_to(folder))
    code, said = tiny_world.run([*command, "short"], folder)
    assert code == 78 and "512" in said, said
    code, said = tiny_world.run([*command, "long", "--set", "yarn_factor=2"], folder)
    assert code == 0, said


def main():
    if not tiny_world.HAS_ENGINE:
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tiny_world.prepare(folder, "eval")
        check_cache(folder)
        check_yarn(folder)


if __name__ == "__main__":
    main()
