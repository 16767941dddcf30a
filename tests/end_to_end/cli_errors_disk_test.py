#!/usr/bin/env python3
"""A disk that is full and a folder that may not be written: said with the exit code, and the same command goes on when
there is room. Root is bound by rights here too, and nothing is mounted, so that these run in any container."""
import ctypes
import os
import pathlib
import tempfile
import unittest

import tiny_world
from tiny_world import TOKENIZER, VERBS

FULL_DISK = os.environ.get("FILM_FULL_DISK")
PR_CAPBSET_DROP, CAPABILITIES = 24, (1, 2)  # those with which root passes over rights: DAC_OVERRIDE, DAC_READ_SEARCH


def give_up_root():
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in CAPABILITIES:
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


class Disk(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="film-disk-")
        self.addCleanup(temp.cleanup)
        self.folder = pathlib.Path(temp.name).resolve()
        tiny_world.write_inputs(self.folder)

    def verbs(self):
        """Each verb in order, with what it needs already there; afterwards it is run to its end."""
        for verb in VERBS:
            if verb in ("train", "eval") and not tiny_world.HAS_ENGINE:
                return
            yield verb
            code, said = tiny_world.run_verb(verb, self.folder)
            self.assertEqual(code, 0, said)

    def run_on_a_disk_of(self, size, verb):
        changes = {"LD_PRELOAD": FULL_DISK, "FILM_DISK_BYTES": str(size)}
        return tiny_world.run(VERBS[verb][0], self.folder, changes=changes)

    @unittest.skipUnless(FULL_DISK, "FILM_FULL_DISK is not set: ctest sets it, but not with sanitizers")
    def test_full_at_any_size(self):
        for verb in self.verbs():
            code, said = tiny_world.run_verb(verb, self.folder)
            self.assertEqual(code, 0, said)
            expected = tiny_world.results(verb, self.folder)
            needed = sum(path.stat().st_size for path in (self.folder / VERBS[verb][1]).rglob("*") if path.is_file())
            tiny_world.clear(verb, self.folder)
            for share in (0, 0.02, 0.3, 0.6, 0.9):
                with self.subTest(verb=verb, share=share):
                    code, said = self.run_on_a_disk_of(int(share * needed), verb)
                    self.assertEqual(code, 74, said)
                    self.assertIn("No space left on device", said)
                    self.assertNotIn("bug in film", said)
            code, said = tiny_world.run_verb(verb, self.folder)
            self.assertEqual(code, 0, said)
            self.assertEqual(tiny_world.results(verb, self.folder), expected, f"film {verb} after room was made")

    def test_results_for_a_full_standard_output(self):
        commands = [["config", "show", "train"], ["config", "show", "train", "--json"], ["doctor", "--json"],
                    VERBS["synth"][0], VERBS["synth"][0] + ["--json"]]
        for arguments in commands:
            with self.subTest(arguments=arguments), open("/dev/full", "w", encoding="utf-8") as full:
                process = tiny_world.start(arguments, self.folder, stdout=full)
                _, said = process.communicate(timeout=tiny_world.TIMEOUT)
                self.assertEqual(process.returncode, 74, said)
                self.assertIn("writing to standard output failed: No space left on device", said)

    def check_denied(self, arguments, code, fragment):
        with self.subTest(arguments=arguments):
            got, said = tiny_world.run(arguments, self.folder, preexec_fn=give_up_root)
            self.assertEqual(got, code, said)
            self.assertIn(fragment, said)

    def test_folders_that_may_not_be_written(self):
        shut = self.folder / "shut"
        shut.mkdir()
        shut.chmod(0o500)
        self.addCleanup(shut.chmod, 0o700)
        for verb in self.verbs():
            arguments = VERBS[verb][0]
            if verb != "qa":
                arguments = arguments[:arguments.index("--out")]
            self.check_denied(arguments + ["--out", "shut"], 73, "cannot write shut/.lock: Permission denied")
            self.check_denied(arguments + ["--out", "shut/below"], 73, "cannot create folder shut/below: Permission")
            self.check_denied(arguments + ["--out", "/proc/film"], 73, "cannot create folder /proc/film")
        self.check_denied(["config", "init", "synth", "--out", "shut/synth.json"], 73, "the folder and its permissions")
        self.assertEqual(list(shut.iterdir()), [])

    def test_files_that_may_not_be_read(self):
        secret = self.folder / "corpus/00.txt"
        secret.chmod(0)
        self.check_denied(VERBS["synth"][0], 77, "cannot read corpus/00.txt: Permission denied")
        secret.chmod(0o600)
        (self.folder / "synth.json").chmod(0)
        self.check_denied(["config", "check", "synth", "--config", "synth.json"], 77, "cannot read synth.json")


if __name__ == "__main__":
    unittest.main(verbosity=2)
