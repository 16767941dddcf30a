#!/usr/bin/env python3
"""A file that was edited or damaged between two commands, same size and same times, is noticed by the next command whose
result depends on it: every file of every folder, one byte each."""
import os
import pathlib
import re
import shutil
import tempfile
import unittest

import tiny_world
from tiny_world import VERBS

READERS = {  # who must notice an edit of the files below a folder
    "data": ("qa", "train", "eval"),
    "data/questions": ("train", "eval"),
    "data/imported/own": ("train", "eval"),
    "run": ("eval",),
    "eval": ("eval", "show"),
}
# No result depends on these: locks, logs, records of settings (compared by value), pages and answers paid for, and the
# training state and older checkpoints, which only a run that is not finished reads.
FREE = re.compile(r"/(\.lock|settings\.json|metrics\.jsonl|memory\.json|events\.out\S*|journal\.jsonl|report\.(html|md)|(scores|differences)\.tex"
                  r"|figures/\S+|manifest\.json|step-00000009/\S+|training/\S+|MANIFEST\.json)$")
# The manifest is no file of its own list. settings.json knows its hash; of a run, the file it names is read.
MANIFESTS = {"data/manifest.json": "qa", "data/questions/manifest.json": "train", "run/manifest.json": "eval",
             "eval/manifest.json": "eval"}
SHOW = ["show", "eval", "--limit", "1"]


def flip(file):
    """One byte near the middle; in JSON a digit for another one, so that only the meaning changes."""
    content, times = bytearray(file.read_bytes()), file.stat()
    middle = len(content) // 2
    place = next((i for i in [*range(middle, len(content)), *range(middle)] if content[i] in b"2345678"), middle)
    content[place] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


class EditedFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-edited-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name).resolve()
        cls.verbs = [verb for verb in VERBS if tiny_world.HAS_ENGINE or verb in ("synth", "qa")]
        tiny_world.write_inputs(cls.folder)
        (cls.folder / "own.csv").write_text("question,answer,context\nWhose is the boat?,Nobody's.,0\n", encoding="utf-8")
        for verb in cls.verbs:
            code, said = tiny_world.run_verb(verb, cls.folder)
            assert code == 0, said
            if verb == "qa":
                code, said = tiny_world.run(["qa", "data", "--import", "own.csv"], cls.folder)
                assert code == 0, said

    def files_of(self, part):
        inner = [other for other in READERS if other.startswith(part + "/")]
        for file in sorted((self.folder / part).rglob("*")):
            name = str(file.relative_to(self.folder))
            if file.is_file() and not any(name.startswith(other + "/") for other in inner):
                yield file, name

    def run_reader(self, reader):
        """In a folder of its own, so that nothing there is finished already; eval of an eval reads its own results."""
        if reader == "show":
            return tiny_world.run(SHOW, self.folder)
        if reader == "check":
            return tiny_world.run(["check", "data", "run", "eval"][:4 if tiny_world.HAS_ENGINE else 2], self.folder)
        arguments = VERBS[reader][0]
        if reader == "qa":
            return tiny_world.run([*arguments, "--out", "other"], self.folder)
        return tiny_world.run(arguments[:arguments.index("--out")] + ["--out", "other"], self.folder)

    def check(self, file, name, reader):
        whole, times = file.read_bytes(), file.stat()
        flip(file)
        try:
            finished = reader == "eval" and name.startswith("eval/")
            code, said = tiny_world.run_verb("eval", self.folder) if finished else self.run_reader(reader)
        finally:
            file.write_bytes(whole)
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
            shutil.rmtree(self.folder / "other", ignore_errors=True)
        with self.subTest(file=name, reader=reader):
            self.assertEqual(code, 65, said)
            # Recipes are read before all is hashed: a number that cannot be is named with its line.
            by_hash = 'is not as it was written: its SHA-256 is [0-9a-f]{64}, .* says "?[0-9a-f]{64}'
            by_line = "|:[0-9]+: .* is expected" if "/contexts/" in name else ""
            self.assertRegex(said, f"{re.escape(name)}( {by_hash}{by_line})")
            self.assertRegex(said, "put the file back|put damaged files back|run the same")

    def test_every_file(self):
        checked = 0
        for part, readers in READERS.items():
            if not (self.folder / part).exists():
                continue
            for file, name in self.files_of(part):
                if FREE.search("/" + name) or file.stat().st_size == 0:
                    continue
                for reader in (*readers, "check"):
                    if reader in self.verbs or reader in ("show", "check"):
                        self.check(file, name, reader)
                        checked += 1
        self.assertGreater(checked, 25 if tiny_world.HAS_ENGINE else 5)

    def test_every_manifest(self):
        for name, reader in MANIFESTS.items():
            if reader in self.verbs:
                self.check(self.folder / name, name, reader)
                self.check(self.folder / name, name, "check")

    def test_the_whole_folder_is_read(self):
        for reader in (*self.verbs[1:], "check"):
            code, said = self.run_reader(reader)
            shutil.rmtree(self.folder / "other", ignore_errors=True)
            self.assertEqual(code, 0, said)

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_a_base_model_that_changes_while_a_run_is_stopped(self):
        base = next((self.folder / "run/checkpoints").glob("step-*12"))
        shutil.copytree(base, self.folder / "base", ignore=shutil.ignore_patterns("training", "MANIFEST.json"))
        train = ["train", "data", "--config", "train.json", "--set", "model_folder=base", "--out", "again"]
        code, said = tiny_world.run(train, self.folder)
        self.assertEqual(code, 0, said)
        (self.folder / "again/manifest.json").unlink()
        config = self.folder / "base/config.json"
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace("10000", "10001"), encoding="utf-8")
        self.assertNotEqual(config.read_text(encoding="utf-8"), text)
        code, said = tiny_world.run(train, self.folder)
        self.assertEqual(code, 65, said)
        self.assertIn("base/config.json is not the one that this run began with: rope_theta is", said)
        config.write_text(text, encoding="utf-8")
        code, said = tiny_world.run(train, self.folder)
        self.assertEqual(code, 0, said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
