#!/usr/bin/env python3
"""film synth over every kind of input: documents with marks, packed rows, standard input, and a machine without pdftotext."""
import bz2
import json
import lzma
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from tiny_world import PROGRAM, TOKENIZER, WORDS

DOCUMENTS = pathlib.Path(os.environ["FILM_TEST_DATA"]) / "documents"
SETTINGS = ["--tokenizer", TOKENIZER, "--contexts", "4:0:0", "--context", "60:200", "--segment", "16", "--set",
            "split={\"train\": 1, \"validation\": 0, \"test\": 0}", "--threads", "2"]


def rows(first, count):
    def text(i):
        return "\n".join(" ".join(WORDS[(i * 7 + line * 5 + j) % len(WORDS)] for j in range(10)) + f" {i}." for line in range(6))
    return "".join(json.dumps({"text": text(i)}) + "\n" for i in range(first, first + count))


class Inputs(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.place.name)

    def tearDown(self):
        self.place.cleanup()

    def synth(self, inputs, out="data", code=0, stdin=None, env=None, more=()):
        run = subprocess.run([PROGRAM, "synth", *map(str, inputs), *SETTINGS, "--out", self.folder / out, *more], input=stdin,
                             capture_output=True, env=env, timeout=120, check=False)
        self.assertEqual(run.returncode, code, run.stderr.decode())
        return run.stderr.decode()

    def manifest(self, out="data"):
        return json.loads((self.folder / out / "manifest.json").read_text(encoding="utf-8"))

    def documents(self, out="data"):
        lines = (self.folder / out / "documents/part-00000.jsonl").read_text(encoding="utf-8").splitlines()
        return {document["source"]: document for document in map(json.loads, lines)}

    def test_a_folder_of_documents(self):
        said = self.synth([DOCUMENTS])
        corpus = self.manifest()["corpus"]
        self.assertEqual(corpus["rejected"], {"encrypted": 1, "scanned": 1})
        self.assertEqual(corpus["documents"], corpus["files"] - 2)
        self.assertEqual(corpus["noted"]["footnotes_left_out"], 1)
        self.assertEqual(self.documents()["documents/ferry.epub"]["title"], "The Ferry")
        self.assertIn("footnotes are left out", said)
        rejected = (self.folder / "data/documents/rejected.jsonl").read_text(encoding="utf-8")
        self.assertIn("ocrmypdf", rejected)

    def test_packed_rows_are_the_same_corpus(self):
        packers = {"plain": ("", lambda b: b), "xz": (".xz", lzma.compress), "bz2": (".bz2", bz2.compress)}
        contexts = set()
        for name, (ending, pack) in packers.items():
            (self.folder / f"c{name}").mkdir()
            (self.folder / f"c{name}/rows.jsonl{ending}").write_bytes(pack(rows(0, 40).encode()))
            self.synth([self.folder / f"c{name}"], name)
            contexts.add((self.folder / name / "contexts/part-00000.jsonl").read_bytes())
        self.assertEqual(len(contexts), 1)

    def test_standard_input_is_told_by_content(self):
        texts = rows(0, 40).encode()
        for name, stdin in (("rows", texts), ("packed", lzma.compress(texts))):
            self.synth(["-"], name, stdin=stdin)
            self.assertEqual(set(self.documents(name)), {"stdin"})
            self.assertEqual(self.manifest(name)["corpus"]["documents"], 40)
        self.synth(["-"], "book", stdin=(DOCUMENTS / "ledger.pdf").read_bytes(), 
                   more=["--set", "cut.tokens=128", "--set", "segment.max_tokens=64"])
        self.assertEqual(self.manifest("book")["corpus"]["rejected"], {})
        # The same command finds it finished, and refuses another text.
        self.assertIn("nothing to do", self.synth(["-"], "rows", stdin=texts))
        self.assertIn("input.corpus", self.synth(["-"], "rows", stdin=texts + rows(40, 1).encode(), code=78))

    def test_parts_of_documents_are_their_chapters(self):
        more = ["--set", "cut.when=longer", "--set", "cut.tokens=16", "--set", "contexts.target={\"min\": 40, \"max\": 100}"]
        self.synth([DOCUMENTS], more=more)
        lines = (self.folder / "data/documents/part-00000.jsonl").read_text(encoding="utf-8").splitlines()
        titles = {}
        for document in map(json.loads, lines):
            titles.setdefault(document["source"].split("/")[1], []).append(document["title"])
        chapters = {"ferry.epub": ["Morning", "Evening"], "zh.epub": ["第一章", "第二章"], "report.docx": ["Morning", "Evening"],
                    "docutils.html": ["Gulls"], "notes.odt": ["Morning"], "ledger.pdf": ["Chapter 1", "Chapter 3", "Chapter 6"]}
        for name, wanted in chapters.items():
            for chapter in wanted:
                self.assertIn(chapter, titles[name], name)

    def test_without_pdftotext_the_package_is_named(self):
        empty = self.folder / "bin"
        empty.mkdir()
        env = {**os.environ, "PATH": str(empty)}
        said = self.synth([DOCUMENTS / "ledger.pdf"], code=65, env=env)
        self.assertIn("poppler-utils", said)
        said = self.synth([DOCUMENTS], env=env)
        self.assertIn("poppler-utils", said)
        self.assertIn("PDF: documents/columns.pdf", said)

    def test_text_that_pdftotext_leaves_out_is_not_dropped_in_silence(self):
        """Without poppler-data it succeeds, complains, and leaves Chinese text out."""
        real = shutil.which("pdftotext")
        if real is None:
            self.skipTest("no pdftotext (Debian: poppler-utils)")
        folder = self.folder / "bin-without-tables"
        folder.mkdir()
        program = folder / "pdftotext"
        program.write_text(f"#!/bin/sh\necho \"Syntax Error: Missing language pack for 'Adobe-GB1' mapping\" >&2\nexec {real} \"$@\"\n")
        program.chmod(0o755)
        said = self.synth([DOCUMENTS / "zh.pdf"], code=66, env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
        self.assertIn("poppler-data", said)

    def with_pyarrow(self):
        """An environment whose python3 is the one that scripts/setup.sh --tests has given pyarrow, or any that has it."""
        python = os.environ.get("FILM_TEST_PYTHON") or "python3"
        if subprocess.run([python, "-c", "import pyarrow"], capture_output=True, check=False).returncode != 0:
            self.skipTest(f"{python} has no pyarrow")
        folder = self.folder / "with-pyarrow"
        folder.mkdir()
        (folder / "python3").symlink_to(shutil.which(python))
        return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}

    def test_parquet_by_pyarrow(self):
        env = self.with_pyarrow()
        tables = DOCUMENTS.parent / "tables"
        self.synth([tables / "plain.parquet", tables / "odd.parquet"], env=env)
        corpus = self.manifest()["corpus"]
        self.assertEqual((corpus["documents"], corpus["left_out"], corpus["rejected"]),
                         (41, {"duplicate": 40}, {"text_not_a_string": 1}))
        self.synth(["-"], "piped", stdin=(tables / "plain.parquet").read_bytes(), env=env)
        self.assertEqual(self.manifest("piped")["corpus"]["documents"], 40)
        bent = self.folder / "bent.parquet"
        whole = (tables / "plain.parquet").read_bytes()
        for content in (whole[:len(whole) // 2], b"PAR1 and nothing PAR1", whole[:-300] + b"?" * 280 + whole[-20:]):
            bent.write_bytes(content)
            self.assertIn("damaged or truncated Parquet", self.synth([bent], "bent", code=65, env=env))

    def test_without_pyarrow_it_is_named(self):
        empty = self.folder / "bin"
        empty.mkdir()
        said = self.synth([DOCUMENTS.parent / "tables/plain.parquet"], code=65, env={**os.environ, "PATH": str(empty)})
        self.assertIn("pip install pyarrow", said)

    def test_mostly_unreadable_documents_end_the_run(self):
        corpus = self.folder / "corpus"
        corpus.mkdir()
        (corpus / "a.txt").write_text("Words that are read.\n" * 30)
        for name in ("cut.epub", "cut.docx", "cut.odt"):
            whole = (DOCUMENTS / {"cut.epub": "ferry.epub", "cut.docx": "report.docx", "cut.odt": "notes.odt"}[name]).read_bytes()
            (corpus / name).write_bytes(whole[:len(whole) * 2 // 3])
        self.assertIn("3 are no documents (damaged 3)", self.synth([corpus], code=65))


if __name__ == "__main__":
    unittest.main()
