#!/usr/bin/env python3
"""Stopped anywhere, run again: the same bytes. One verb a process: kill_and_resume_test.py synth|qa|train|eval.

Random kills, kills at every system call that changes the disk (a sample unless FILM_FULL=1), errors of the disk at
those calls, and the signals that ask to stop. A fault may strike again while film recovers from the first."""
import pathlib
import random
import signal
import sys
import tempfile
import time
import unittest

import faults
import tiny_world

VERB = "synth"
# How many points a run without FILM_FULL tries. Opening Torch takes its time: train and eval try a sample.
LIMITS = {"heavy": {"random": 2, "kill": 15, "twice": 1, "error": 1, "stop": 2},
          "light": {"random": 4, "kill": 1000, "twice": 3, "error": 1000, "stop": 3}}
RANDOM_TRIALS_OF_A_FULL_RUN = 40
DISK_ERRORS = {"write": "ENOSPC", "fsync": "EIO", "fdatasync": "EIO", "rename": "ENOSPC", "renameat": "ENOSPC",
               "mkdir": "ENOSPC", "unlink": "EIO", "unlinkat": "EIO"}


class KillAndResume(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory(prefix="film-resume-")
        cls.addClassCleanup(cls.temp.cleanup)
        cls.folder = pathlib.Path(cls.temp.name).resolve()
        cls.limits = LIMITS["heavy" if VERB in ("train", "eval") else "light"]
        tiny_world.prepare(cls.folder, VERB)
        begun = time.monotonic()
        code, said = tiny_world.run_verb(VERB, cls.folder)
        cls.seconds = time.monotonic() - begun
        assert code == 0, f"the uninterrupted run failed with exit code {code}:\n{said}"
        cls.expected = tiny_world.results(VERB, cls.folder)
        cls.obstacle = faults.reason_not_to()
        if not cls.obstacle:
            tiny_world.clear(VERB, cls.folder)
            cls.points = faults.points(VERB, cls.folder)
        print(f"{VERB}: {cls.seconds:.2f} s, {len(cls.expected['manifest']['files'])} result files, "
              f"{0 if cls.obstacle else len(cls.points)} calls that change the disk", flush=True)

    def need_strace(self):
        if self.obstacle:
            self.skipTest(self.obstacle)

    def finish_and_compare(self, what):
        """The same command to its end, then the same results; and once more: nothing is left to do."""
        code, said = tiny_world.run_verb(VERB, self.folder)
        self.assertEqual(code, 0, f"after {what} the next run failed:\n{said}")
        self.assertEqual(tiny_world.results(VERB, self.folder), self.expected, f"after {what}")

    def test_a_second_run_has_nothing_to_do(self):
        tiny_world.clear(VERB, self.folder)
        self.finish_and_compare("a start from nothing")
        before = self.times()
        code, said = tiny_world.run_verb(VERB, self.folder)
        self.assertEqual(code, 0, said)
        self.assertIn("nothing to do", said)
        self.assertEqual(self.times(), before, "a finished folder is left alone")

    def times(self):
        out = self.folder / tiny_world.VERBS[VERB][1]
        return {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file() and path.name != ".lock"}

    def test_random_kills(self):
        draw = random.Random(20240426)
        killed = 0
        tiny_world.clear(VERB, self.folder)
        begin = time.monotonic()  # measured here: the first run of all also waited for cold files
        tiny_world.run_verb(VERB, self.folder)
        seconds = time.monotonic() - begin
        for trial in range(RANDOM_TRIALS_OF_A_FULL_RUN if tiny_world.FULL else self.limits["random"]):
            tiny_world.clear(VERB, self.folder)
            for _ in range(3):  # the later ones strike a run that resumes
                process = tiny_world.start(tiny_world.VERBS[VERB][0], self.folder)
                time.sleep(draw.uniform(0, 0.8 * seconds))
                killed += process.poll() is None
                process.kill()
                process.communicate()
            self.finish_and_compare(f"three kills (trial {trial})")
        self.assertGreater(killed, 0, "no kill came in time: the test tests nothing")

    def test_kill_at_every_change_of_the_disk(self):
        self.need_strace()
        struck = 0
        for call, k, _ in faults.spread(self.points, self.limits["kill"]):
            with self.subTest(call=call, k=k):
                tiny_world.clear(VERB, self.folder)
                code, _, _ = faults.run_with(VERB, self.folder, f"{call}:signal=KILL:when={k}")
                struck += code == -signal.SIGKILL
                self.finish_and_compare(f"a kill at {call} number {k}")
        self.assertGreater(struck, 0, "no kill struck: the test tests nothing")
        if struck < len(self.points):
            print(f"{struck} of {len(self.points)} points", end=" ", flush=True)

    def test_kill_while_recovering(self):
        self.need_strace()
        middle = self.points[len(self.points) // 2]
        for call, k, _ in faults.spread(self.points, self.limits["twice"]):
            with self.subTest(call=call, k=k):
                tiny_world.clear(VERB, self.folder)
                for first, number in (middle[:2], (call, k)):
                    faults.run_with(VERB, self.folder, f"{first}:signal=KILL:when={number}")
                self.finish_and_compare(f"kills at {middle.call} number {middle.k} and then at {call} number {k}")

    def test_errors_of_the_disk(self):
        self.need_strace()
        kinds = {}
        for point in self.points:
            if point.call in DISK_ERRORS and point.kind != "lock":  # what the lock file says is nobody's result
                kinds.setdefault((point.call, point.kind), []).append(point)
        chosen = [point for points in kinds.values() for point in faults.spread(points, self.limits["error"])]
        struck = 0
        for call, k, _ in chosen:
            with self.subTest(call=call, k=k):
                tiny_world.clear(VERB, self.folder)
                inject = f"{call}:error={DISK_ERRORS[call]}:when={k}"
                code, said, injected = faults.run_with(VERB, self.folder, inject)
                if injected:
                    struck += 1
                    self.assertIn(code, (73, 74), f"{inject}:\n{said}")
                    self.assertNotIn("bug in film", said)
                self.finish_and_compare(f"{DISK_ERRORS[call]} at {call} number {k}")
        self.assertGreater(struck, 0, "no error struck: the test tests nothing")

    def test_a_damaged_checkpoint_is_passed_over(self):
        if VERB != "train":
            self.skipTest("only train has checkpoints")
        tiny_world.clear(VERB, self.folder)
        self.finish_and_compare("a start from nothing")
        newest = max((self.folder / "run/checkpoints").glob("step-*"))
        names = sorted(path.relative_to(newest) for path in newest.rglob("*") if path.is_file())
        for name, cut in [(name, False) for name in names] + [(pathlib.Path("model.safetensors"), True)]:
            with self.subTest(name=str(name), cut=cut):
                (self.folder / "run/manifest.json").unlink()  # so that the run is not finished
                content = bytearray((newest / name).read_bytes())
                content[len(content) // 2] ^= 0x80
                (newest / name).write_bytes(content[:len(content) // 2] if cut else content)
                code, said = tiny_world.run_verb(VERB, self.folder)
                self.assertEqual(code, 0, said)
                self.assertIn("passing over checkpoint", said)
                self.assertEqual(tiny_world.results(VERB, self.folder), self.expected)

    def test_asked_to_stop(self):
        self.need_strace()
        codes = []
        for call, k, _ in faults.spread([point for point in self.points if point[0] == "write"], self.limits["stop"]):
            with self.subTest(call=call, k=k):
                tiny_world.clear(VERB, self.folder)
                code, said, _ = faults.run_with(VERB, self.folder, f"{call}:signal=TERM:when={k}")
                codes.append(code)
                self.assertIn(code, (0, 75), said)  # 0: the signal came after the last item
                if code == 75:
                    self.assertIn("run the same command again", said)
                self.finish_and_compare(f"SIGTERM at {call} number {k}")
        if VERB in ("train", "eval"):
            self.assertIn(75, codes, "no run stopped in good order")


if __name__ == "__main__":
    VERB = sys.argv.pop(1)
    if VERB in ("train", "eval") and not tiny_world.HAS_ENGINE:
        print("skipped: this build has no learning half")
        sys.exit(77)
    unittest.main(verbosity=2)
