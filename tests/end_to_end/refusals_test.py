#!/usr/bin/env python3
"""A system that refuses: the n-th open, mmap, fsync, rename, write or allocation of a command fails. The command ends with
71 or 74 and one message that names what was refused, or goes on where the refusal does no harm; never with a signal, a hang
or "a bug in film", and never with a folder that claims to be finished and is not whole. The same command then finishes.

A sample of the points, another one for every FILM_SEED; all of them with FILM_FULL=1 (of allocations some hundreds), or those
of one command (FILM_VERB) or one kind of call (FILM_CALL)."""
import errno
import os
import pathlib
import random
import sys
import tempfile
import unittest

import tiny_world
from tiny_world import VERBS

REFUSE = os.environ.get("FILM_REFUSE_LIBRARY")
ERRORS = {"open": ("EMFILE", "ENFILE", "EIO", "ENOMEM"), "mmap": ("ENOMEM",), "fsync": ("EIO", "ENOSPC"),
          "rename": ("EIO", "ENOSPC"), "write": ("ENOSPC", "EIO"), "memory": ("ENOMEM",)}
SAMPLE = {"synth": 3, "qa": 3, "train": 1, "eval": 1}  # points of each kind of call, each with one of its errors
MEMORY_OF_A_SWEEP = 400


class Refusals(unittest.TestCase):
    def setUp(self):
        if not REFUSE:
            self.skipTest("FILM_REFUSE_LIBRARY is not set: ctest sets it, but not with sanitizers")
        temp = tempfile.TemporaryDirectory(prefix="film-refused-")
        self.addCleanup(temp.cleanup)
        self.folder = pathlib.Path(temp.name).resolve()
        self.log = self.folder / "refused"
        self.draw = random.Random(int(os.environ.get("FILM_SEED", "1")))
        tiny_world.write_inputs(self.folder)

    def run_refused(self, verb, order):
        """Exit code, text, and what was refused: the last is empty if the command ended before."""
        self.log.unlink(missing_ok=True)
        changes = {"LD_PRELOAD": REFUSE, "FILM_REFUSE_LOG": str(self.log), **({"FILM_REFUSE": order} if order else {})}
        code, said = tiny_world.run(VERBS[verb][0], self.folder, changes=changes, timeout=60)
        return code, said, self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def counts(self, verb):
        code, said, log = self.run_refused(verb, "")
        self.assertEqual(code, 0, said)
        return {line.split()[0]: int(line.split()[1]) for line in log.splitlines()}

    def points(self, call, count):
        if call == "memory" and count > MEMORY_OF_A_SWEEP:  # half of them early, where most kinds of calls are
            early = [int(1.03 ** i) for i in range(1000) if 1.03 ** i < count]
            return sorted({*early, *self.draw.sample(range(1, count + 1), MEMORY_OF_A_SWEEP)})
        return range(1, count + 1)

    def check(self, verb, order, error, expected):
        tiny_world.clear(verb, self.folder)
        code, said, refused = self.run_refused(verb, order)
        if refused.startswith("/sys/devices/system/cpu/"):
            return  # Torch's own, and it crashes: film looks whether they can be read before it loads Torch
        with self.subTest(verb=verb, order=order, refused=refused):
            self.assertIn(code, (0, 71, 74), said)
            for nonsense in ("bug in film", "filesystem error", "std::"):
                self.assertNotIn(nonsense, said)
            if code != 0:
                self.assertEqual(said.count("error: "), 1, said)
                text = os.strerror(getattr(errno, error))
                self.assertTrue(text in said or "memory" in said, said)
            if code == 0 or (self.folder / VERBS[verb][1] / "manifest.json").exists():
                self.assertEqual(tiny_world.results(verb, self.folder), expected)
                return
            again, said = tiny_world.run_verb(verb, self.folder)
            self.assertEqual(again, 0, said)
            self.assertEqual(tiny_world.results(verb, self.folder), expected)

    def sweep(self, verb):
        counts = self.counts(verb)
        expected = tiny_world.results(verb, self.folder)
        for call, errors in ERRORS.items():
            if os.environ.get("FILM_CALL", call) != call:
                continue
            self.assertGreater(counts[call], 3, f"film {verb} calls {call}")
            if tiny_world.FULL:
                points = [(n, error) for error in errors for n in self.points(call, counts[call])]
            else:
                points = [(self.draw.randint(1, counts[call]), self.draw.choice(errors)) for _ in range(SAMPLE[verb])]
            for n, error in points:
                self.check(verb, f"{call} {n} {getattr(errno, error)}", error, expected)
        for first in (self.draw.randint(1, counts["memory"]), 1):
            self.check(verb, f"memory {first}+ {errno.ENOMEM}", "ENOMEM", expected)
        tiny_world.clear(verb, self.folder)
        code, said = tiny_world.run_verb(verb, self.folder)
        self.assertEqual(code, 0, said)

    def test_every_command(self):
        for verb in VERBS:
            if verb in ("synth", "qa") or tiny_world.HAS_ENGINE:
                if os.environ.get("FILM_VERB", verb) == verb:
                    self.sweep(verb)
                else:
                    code, said = tiny_world.run_verb(verb, self.folder)
                    self.assertEqual(code, 0, said)


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=sys.argv[:1])
