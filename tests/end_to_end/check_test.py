#!/usr/bin/env python3
"""film check: a folder is whole when its files are as they were written, its records are as many as it says, and what it
was made from is what it was. Edits of single files are in edited_files_test.py."""
import hashlib
import json
import pathlib
import shutil
import tempfile
import unittest

import tiny_world
from tiny_world import PROJECT, VERBS


def rewrite(out, name, change):
    """Changes a file of an output folder and everything that knows it by hash: only its content tells."""
    file = out / name
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(change(lines)), encoding="utf-8")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        if entry["path"] == name:
            entry.update(bytes=file.stat().st_size, sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    tiny_world.forget_manifest(out)


def with_evidence(lines):
    example = json.loads(lines[0])
    example["questions"][0]["evidence"] = [77]
    return [json.dumps(example) + "\n", *lines[1:]]


def with_split(lines):
    return [lines[0].replace('"train"', '"test"'), *lines[1:]]


class Check(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-check-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name).resolve() / "tried"  # settings know it by this place
        cls.whole = cls.folder.parent / "whole"
        tiny_world.write_inputs(cls.folder)
        (cls.folder / "own.csv").write_text("question,answer,context\nWho waits?,Nobody.,0\n", encoding="utf-8")
        cls.folders = ["data", "run", "eval"] if tiny_world.HAS_ENGINE else ["data"]
        for verb in VERBS:
            if verb in ("synth", "qa") or tiny_world.HAS_ENGINE:
                code, said = tiny_world.run_verb(verb, cls.folder)
                assert code == 0, said
            if verb == "qa":
                code, said = tiny_world.run(["qa", "data", "--import", "own.csv"], cls.folder)
                assert code == 0, said

        shutil.copytree(cls.folder, cls.whole)

    def setUp(self):
        shutil.rmtree(self.folder)
        shutil.copytree(self.whole, self.folder)

    def film(self, code, *arguments):
        got, said = tiny_world.run(["check", *arguments], self.folder)
        self.assertEqual(got, code, said)
        return said

    def test_whole_folders(self):
        said = self.film(0, *self.folders)
        for part in ("data (synth): whole", "data/questions (qa): whole", "data/imported/own (qa): whole",
                     "40 documents, 30 contexts", "1 question about 1 context"):
            self.assertIn(part, said)
        for part in ("run (train): whole", "step-00000012 (model): whole", "initial (model): whole", "12 steps",
                     "eval (eval): whole", "12 answers of 2 models"):
            if tiny_world.HAS_ENGINE:
                self.assertIn(part, said)
        self.assertNotIn("note:", said)

    def test_as_json(self):
        checks = json.loads(self.film(0, "data", "--json"))
        self.assertEqual([(c["folder"], c["kind"], c["whole"], c["faults"], c["notes"]) for c in checks],
                         [("data", "synth", True, [], []), ("data/questions", "qa", True, [], []),
                          ("data/imported/own", "qa", True, [], [])])
        (self.folder / "data/questions/examples.jsonl").write_text("", encoding="utf-8")
        checks = json.loads(self.film(65, "data", "--json"))
        self.assertEqual([c["whole"] for c in checks], [True, False, True])
        self.assertIn("data/questions/examples.jsonl holds 0 bytes", checks[1]["faults"][0])

    def test_wrong_use(self):
        self.assertIn("film check needs FOLDER", self.film(2))
        self.assertIn("nowhere is not a folder", self.film(66, "nowhere"))
        self.assertIn("corpus holds neither settings.json nor config.json", self.film(66, "corpus"))

    def test_records_that_do_not_add_up(self):
        for out, name, change, fault in (
                ("data", "contexts/part-00000.jsonl", lambda lines: lines[:-1], "holds 29 contexts, its records say 30"),
                ("data", "documents/part-00000.jsonl", lambda lines: lines[:-2], "holds 38 documents, its records say 40"),
                ("data/questions", "examples.jsonl", lambda lines: lines[1:], "examples, its records say"),
                ("data/questions", "examples.jsonl", with_evidence, "has evidence at position 77"),
                ("data/questions", "examples.jsonl", with_split, "is of test, its context of train"),
                ("eval", "predictions/in2.after.jsonl", lambda lines: lines[:-1], "5 answers, scores.json counts 6"),
                ("eval", "predictions/in2.after.jsonl", lambda lines: [*lines[:-1], lines[0]], "is there twice")):
            if out not in self.folders and not out.startswith("data"):
                continue
            with self.subTest(out=out, fault=fault):
                self.setUp()
                rewrite(self.folder / out, name, change)
                said = self.film(65, out)
                self.assertIn(fault, said)
                self.assertIn("not whole", said)

    def test_inputs_that_are_others_now(self):
        (self.folder / "corpus/07.txt").write_text("Another story.\n", encoding="utf-8")
        self.assertIn("a file of the corpus is another one than data was made from", self.film(65, "data"))
        shutil.copy(self.whole / "corpus/07.txt", self.folder / "corpus/07.txt")
        (self.folder / "own.csv").write_text("question,answer,context\nWho waits?,All.,0\n", encoding="utf-8")
        self.assertIn("the imported file is another one", self.film(65, "data/imported/own"))
        (self.folder / "own.csv").unlink()
        self.assertIn("note: the imported file is not at", self.film(0, "data/imported/own"))
        shutil.rmtree(self.folder / "corpus")
        self.assertIn("40 of 40 files of the corpus are not where they were: not compared", self.film(0, "data"))

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_data_and_models_that_are_others_now(self):
        rewrite(self.folder / "data", "contexts/part-00000.jsonl", lambda lines: lines)  # another manifest
        self.assertIn("an input is another one than run was made from: the SHA-256 of data/manifest.json",
                      self.film(65, "run"))
        self.assertIn("an input is another one than eval was made from", self.film(65, "eval"))
        self.assertIn("holds questions about a DATA folder", self.film(65, "data/questions"))
        shutil.rmtree(self.folder / "data")
        said = self.film(0, "run", "eval")
        self.assertIn("note: an input is not at data/manifest.json, seen from this folder", said)
        with open(self.folder / "run/checkpoints/step-00000012/config.json", "a", encoding="utf-8") as config:
            config.write("\n")
        said = self.film(65, "run", "eval")
        self.assertIn("the model after is another one than eval was made from", said)
        self.assertIn("run/checkpoints/step-00000012/config.json holds", said)

    def test_a_folder_that_is_not_finished(self):
        (self.folder / "data/questions/manifest.json").unlink()
        said = self.film(65, "data")
        self.assertIn("data/questions is not finished", said)
        self.assertIn("1 of 3 folders are not whole: data/questions", said)

    def test_a_model_of_others(self):
        said = self.film(0, str(PROJECT / "data/parity/v02"))
        self.assertIn("note: film did not write it", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
