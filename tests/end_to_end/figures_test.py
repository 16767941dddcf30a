#!/usr/bin/env python3
"""Each figure of a report is an SVG for papers with its numbers as CSV, and scripts/figures_pdf.sh makes a PDF of it."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import tiny_world

KINDS = {"curves": dict(columns={"slot": "slot", "slots": "slots"}), "plain": {}}


class Figures(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="film-figures-")
        self.addCleanup(temp.cleanup)
        self.folder = pathlib.Path(temp.name)
        command = ["-q", "eval", "--set", f"task_folders={self.folder}", "--out", "out", "--set", "models=" + json.dumps(
            [{"label": label, "predictions": [f"{label}/{kind}.jsonl" for kind in KINDS]} for label in ("a", "b")])]
        for kind, more in KINDS.items():
            # Contexts of 8 to 32 pieces: the curve has lengths too, and so a heat map.
            rows = [{"question": f"q{i}", "answers": "yes", "slot": i % (8 + i // 4), "slots": 8 + i // 4} for i in range(100)]
            self.lines(f"{kind}.data.jsonl", rows)
            (self.folder / f"{kind}.json").write_text(json.dumps(
                {"file": f"{kind}.data.jsonl", "metric": "exact match", **more}), encoding="utf-8")
            for label, every in (("a", 2), ("b", 3)):
                self.lines(f"{label}/{kind}.jsonl", [{"sample": "yes" if i % every else "no"} for i in range(100)])
            command += ["--task", kind]
        code, said = tiny_world.run(command, self.folder)
        self.assertEqual(code, 0, said)
        self.figures = self.folder / "out/figures"

    def lines(self, name, rows):
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def names(self, ending):
        return sorted(path.stem for path in self.figures.glob(f"*.{ending}"))

    def test_every_figure_has_its_numbers(self):
        names = self.names("svg")
        self.assertEqual(names, self.names("csv"))
        for name in ("averages", "position_curves", "difference_curves"):
            self.assertIn(name, names)
        self.assertTrue(any("length" in name for name in names), f"a heat map among {names}")
        for name in names:
            rows = (self.figures / f"{name}.csv").read_text(encoding="utf-8").splitlines()
            self.assertGreater(len(rows), 1, name)
            self.assertEqual({row.count(",") for row in rows}, {rows[0].count(",")}, name)

    def test_every_figure_becomes_a_pdf(self):
        if shutil.which("rsvg-convert") is None:
            self.skipTest("rsvg-convert is not installed")
        done = subprocess.run([tiny_world.PROJECT / "scripts/figures_pdf.sh", self.folder / "out"], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.names("pdf"), self.names("svg"))
        for path in self.figures.glob("*.pdf"):
            self.assertTrue(path.read_bytes().startswith(b"%PDF-"), path.name)

    def test_the_page_of_a_report_has_them_all(self):
        page = (self.folder / "out/report.html").read_text(encoding="utf-8")
        for name in self.names("svg"):
            self.assertIn(f'download="{name}.csv"', page)
            self.assertIn(f'download="{name}.svg"', page)


if __name__ == "__main__":
    unittest.main()
