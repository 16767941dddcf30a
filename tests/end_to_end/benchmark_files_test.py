#!/usr/bin/env python3
"""scripts/benchmark_files.py: archives of the shapes that are published become files that the task files read."""
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

import tiny_world

SCRIPT = tiny_world.PROJECT / "scripts/benchmark_files.py"


def zipped(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)


def tarred(path, files, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))


class BenchmarkFiles(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def made(self, *archives):
        done = subprocess.run([sys.executable, SCRIPT, *archives, "-o", self.folder / "out"], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stdout + done.stderr

    def rows(self, name):
        return [json.loads(line) for line in (self.folder / "out" / name).read_text(encoding="utf-8").splitlines()]

    def test_archives(self):
        longbench = {"data/hotpotqa.jsonl": '{"input": "q", "context": "c", "answers": ["a"]}\n',
                     "data/lsht.jsonl": '{"input": "新闻"}\n', "data/": ""}
        zipped(self.folder / "data.zip", longbench)
        tarred(self.folder / "data.tar", {
            "data/test/moon_science_test.csv": '"Is it, or is it\nnot?",no,yes,"a ""b""",d,B\nWho?,1,2,3,4,D\n',
            "data/dev/moon_science_dev.csv": "Why?,w,x,y,z,A\n", "data/._test.csv": "x", "data/README.txt": "r"})
        tarred(self.folder / "RACE.tar.gz", {"RACE/test/high/2.txt": '{"article": "two"}', "RACE/test/high/1.txt":
                                             '{\n"article": "one"}\n', "RACE/test/middle/3.txt": '{"article": "no"}'}, "w:gz")
        tarred(self.folder / "MATH.tar", {"MATH/test/algebra/1.json": '{"problem": "1+1"}',
                                          "MATH/train/algebra/9.json": '{"problem": "2+2"}'})
        zipped(self.folder / "BoolQ.zip", {"BoolQ/val.jsonl": '{"label": true}\n', "BoolQ/train.jsonl": "{}\n"})
        zipped(self.folder / "ARC.zip", {"ARC-V1-Feb2018-2/ARC-Challenge/ARC-Challenge-Test.jsonl": '{"id": "a"}\n'})
        names = ("data.zip", "data.tar", "RACE.tar.gz", "MATH.tar", "BoolQ.zip", "ARC.zip")
        code, said = self.made(*(self.folder / name for name in names))
        self.assertEqual(code, 0, said)
        self.assertEqual(self.rows("hotpotqa.jsonl")[0]["answers"], ["a"])
        self.assertEqual(self.rows("lsht.jsonl")[0]["input"], "新闻")
        self.assertEqual(self.rows("mmlu_test.jsonl")[0], {"question": "Is it, or is it\nnot?", "subject": "moon_science",
                                                           "choices": ["no", "yes", 'a "b"', "d"], "answer": 1})
        self.assertEqual([row["answer"] for row in self.rows("mmlu_test.jsonl") + self.rows("mmlu_dev.jsonl")], [1, 3, 0])
        self.assertEqual([row["article"] for row in self.rows("race_high.jsonl")], ["one", "two"])
        self.assertEqual(self.rows("math_test.jsonl") + self.rows("math_train.jsonl"), [{"problem": "1+1"}, {"problem": "2+2"}])
        self.assertTrue(self.rows("boolq_val.jsonl")[0]["label"])
        self.assertEqual(len(self.rows("ARC-Challenge-Test.jsonl")), 1)

    def test_what_is_wrong_is_said(self):
        zipped(self.folder / "other.zip", {"notes.txt": "x"})
        tarred(self.folder / "header.tar", {"data/test/moon_test.csv": "question,A,B,C,D,answer\n"})
        tarred(self.folder / "short.tar", {"data/test/moon_test.csv": "why?,a,b,A\n"})
        (self.folder / "text.zip").write_text("no archive", encoding="utf-8")
        for name, word in (("other.zip", "is known"), ("header.tar", "moon, line 1"), ("short.tar", "4 cells"),
                           ("text.zip", "error"), ("absent.zip", "absent.zip")):
            code, said = self.made(self.folder / name)
            self.assertEqual(code, 1, (name, said))
            self.assertIn(word, said)
            self.assertNotIn("Traceback", said)

    def test_parquet_of_a_hub_is_read_as_it_is(self):
        """ARC as its hub has it: choices are a struct of two lists."""
        maker = ("import pyarrow as pa, pyarrow.parquet as pq\n"
                 "pq.write_table(pa.Table.from_pylist([{'id': f'q{i}', 'question': f'Which {i}?', 'choices': {'text': ['x', 'y', 'z'],"
                 " 'label': ['A', 'B', 'C']}, 'answerKey': 'ABC'[i % 3]} for i in range(9)]), 'arc_challenge_test.parquet')")
        if subprocess.run(["python3", "-c", maker], cwd=self.folder, capture_output=True, check=False).returncode != 0:
            self.skipTest("the python3 on the PATH has no pyarrow")
        said = [{"task": "arc_challenge", "id": f"{i + 1:06}", "output": "xyz"[i % 3], "expected": "xyz"[i % 3],
                 "log_likelihoods": [-1.0 - (c != i % 3) for c in range(3)]} for i in range(9)]
        (self.folder / "said.jsonl").write_text("".join(json.dumps(row) + "\n" for row in said), encoding="utf-8")
        code, out = tiny_world.run(["-q", "eval", "--predictions", "said.jsonl", "--set", f"task_data={self.folder}", "--out",
                                    "out"], self.folder)
        self.assertEqual(code, 0, out)
        score = json.loads((self.folder / "out/scores.json").read_text(encoding="utf-8"))["models"][0]["scores"][0]
        self.assertEqual((score["count"], score["average"]), (9, 100.0))


if __name__ == "__main__":
    unittest.main()
