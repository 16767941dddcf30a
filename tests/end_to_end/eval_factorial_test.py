#!/usr/bin/env python3
"""film eval with the probes that vary position, length and fillers one at a time, with three models, and rated answers."""
import json
import pathlib
import sys
import tempfile

import tiny_world

FACTORIAL = {"lengths": [200, 400], "grades": ["random", "near_miss"], "depths": 3, "items": 4, "max_new_tokens": 3}


def main():
    if not tiny_world.HAS_ENGINE:
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tiny_world.prepare(folder, "eval")
        models = [{"label": "start", "folder": "run/checkpoints/initial"}, {"label": "end", "folder": "run"},
                  {"label": "again", "folder": "run"}]
        command = ["-q", "eval", "--config", "eval.json", "--out", "report", "--json", "--set", "model=",
                   "--set", "models=" + json.dumps(models), "--set", 'tasks=["factorial", "unanswerable", "in2"]',
                   "--set", "in2.answers=rated", "--set", "in2.items=4"]
        command += [word for key, value in FACTORIAL.items() for word in ("--set", f"factorial.{key}={json.dumps(value)}")]
        code, said = tiny_world.run(command, folder)
        assert code == 0, said
        result = json.loads(said)
        factorial, unanswerable, in2 = result["models"][1]["scores"]
        for score in (factorial, unanswerable):
            assert score["count"] == 2 * 2 * 4 * 3, score
            cells = [(cell["tokens"], cell["filler"], cell["items"], len(cell["positions"])) for cell in score["cells"]]
            assert cells == [(length, grade, 4, 3) for length in (200, 400) for grade in ("random", "near_miss")], cells
            assert all(cell["within"]["verdict"] for cell in score["cells"])
        assert "positions" in factorial and "positions" not in unanswerable
        assert in2["metric"] == "probability per character" and 0 < in2["average"] < 100, in2
        pairs = {(pair["task"], pair["first"], pair["second"]): pair for pair in result["pairs"]}
        assert len(pairs) == 9, "three tasks, three pairs of models"
        assert pairs["in2", "end", "again"]["difference"] == 0 and pairs["in2", "end", "again"]["p_corrected"] == 1
        assert pairs["in2", "start", "end"]["difference"] != 0
        page = (folder / "report/report.html").read_text(encoding="utf-8")
        assert "Position, length and fillers" in page and "Which models differ" in page
        assert tiny_world.run(command, folder) == (0, said), "a finished folder prints the same"
        without = ["none" if word == "report" else word for word in command] + ["--set", "data=[]"]
        code, said = tiny_world.run(without, folder)
        assert code != 0 and "factorial" in said, said


if __name__ == "__main__":
    main()
