#!/usr/bin/env python3
"""The metric "sequence ratio" (MRCR) equals Python's difflib to the last bit: random texts of few and many letters, below and
above the length from which popular letters count otherwise, with noise, in several scripts."""
import difflib
import json
import pathlib
import random
import tempfile

import tiny_world

ALPHABETS = ("ab", "abcd efgh", "abcdefghijklmnopqrstuvwxyz ,.\n", "船が島にある灯台", "aé😀ßΩ \u00a0")
LENGTHS = (0, 1, 7, 60, 199, 200, 201, 450, 1200)


def noisy(draw, text, alphabet, share):
    return "".join(draw.choice(alphabet) if draw.random() < share else c for c in text if draw.random() >= share / 3)


def pairs(draw):
    for alphabet in ALPHABETS:
        for length in LENGTHS:
            answer = "".join(draw.choice(alphabet) for _ in range(length))
            for share in (0, 0.05, 0.4):
                yield noisy(draw, answer, alphabet, share), answer
            cut = len(answer) // 3
            yield answer[cut:] + answer[:cut], answer
            yield "".join(draw.choice(alphabet) for _ in range(draw.choice(LENGTHS))), answer


def main():
    draw = random.Random(8)
    rows, outputs, wanted = [], [], []
    for i, (output, answer) in enumerate(pairs(draw)):
        prefix = "".join(draw.choice("Xq7Zk") for _ in range(10))
        right = draw.random() < 0.9
        said = ((prefix if right else "?") + output + "|").replace("\r", "")  # film takes white space off the ends
        rows.append({"id": f"{i:05}", "question": "q", "answers": prefix + answer, "prefix": prefix})
        outputs.append({"task": "t", "id": f"{i:05}", "output": said, "expected": prefix + answer})
        wanted.append(difflib.SequenceMatcher(None, output + "|", answer).ratio() if right else 0)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for file, lines in (("rows.jsonl", rows), ("out.jsonl", outputs)):
            (folder / file).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        (folder / "t.json").write_text(json.dumps({"file": "rows.jsonl", "metric": "sequence ratio",
                                                   "columns": {"id": "id", "more_answers": ["prefix"]}}))
        code, said = tiny_world.run(["-q", "eval", "--predictions", "out.jsonl", "--task", "t", "--set", "task_folders=.",
                                     "--out", "scored"], folder)
        assert code == 0, said
        found = next((folder / "scored/predictions").iterdir())
        scored = [json.loads(line) for line in found.read_text(encoding="utf-8").splitlines()]
    assert len(scored) == len(wanted) == 225
    different = [(row["id"], row["score"], want) for row, want in zip(scored, wanted) if row["score"] != want]
    assert not different, different[:5]


if __name__ == "__main__":
    main()
