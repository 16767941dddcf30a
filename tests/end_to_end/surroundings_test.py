#!/usr/bin/env python3
"""Started by a daemon, by cron, by a batch system or in a container: descriptors that are closed, signals that are
ignored or blocked, limits, locales, folders that are gone. Nothing is damaged; a warning is a stop in good order; a limit
is a message."""
import os
import pathlib
import resource
import signal
import tempfile
import time
import unittest

import tiny_world
from tiny_world import VERBS

LONG_TRAIN = ["--set", 'stages=[{"name": "one", "data": ["data"], "batch": 4, "steps": 100000, '
              '"schedule": {"peak": 0.001, "decay": "constant"}}]']


class Surroundings(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="film-surroundings-")
        self.addCleanup(temp.cleanup)
        self.folder = pathlib.Path(temp.name).resolve()
        tiny_world.write_inputs(self.folder)

    def expect_ok(self, code, said):
        self.assertEqual(code, 0, said)

    def synth(self, prefix=(), **options):
        tiny_world.clear("synth", self.folder)
        return tiny_world.run(VERBS["synth"][0], self.folder, prefix, **options)

    def test_closed_descriptors(self):
        self.expect_ok(*self.synth())
        expected = tiny_world.results("synth", self.folder)
        for closed in ("<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
            with self.subTest(closed=closed):
                self.expect_ok(*self.synth(prefix=("bash", "-c", f'exec "$0" "$@" {closed}')))
                self.assertEqual(tiny_world.results("synth", self.folder), expected)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir() if p.is_file()),
                         sorted(f"{verb}.json" for verb in VERBS), "no file took the place of a descriptor")

    def test_odd_environments(self):
        self.expect_ok(*self.synth())
        expected = tiny_world.results("synth", self.folder)
        for changes in ({"LC_ALL": "xx_YY.UTF-8"}, {"LC_ALL": "C"}, {"LANG": "de_DE.ISO-8859-1", "LC_ALL": ""},
                        {"HOME": ""}, {"HOME": "/nowhere"}, {"TMPDIR": "/nowhere"}, {"OMP_NUM_THREADS": "none"}):
            with self.subTest(changes=changes):
                self.expect_ok(*self.synth(changes=changes))
                self.assertEqual(tiny_world.results("synth", self.folder), expected)

    def test_a_limit_on_file_sizes_is_a_message(self):
        code, said = self.synth(prefix=("bash", "-c", 'ulimit -f 4; exec "$0" "$@"'))
        self.assertEqual(code, 74, said)
        self.assertIn("ulimit -f", said)
        self.expect_ok(*tiny_world.run_verb("synth", self.folder))

    def test_a_limit_on_open_files_is_a_message(self):
        enough = next(n for n in range(4, 40) if self.synth(preexec_fn=lambda n=n: limit_files(n))[0] == 0)
        self.assertLess(enough, 30)
        loader = 0
        for limit in range(4, enough):
            code, said = self.synth(preexec_fn=lambda n=limit: limit_files(n))
            if code == 127:  # the dynamic loader itself cannot open the libraries
                loader += 1
                continue
            self.assertIn(code, (71, 74), said)
            self.assertIn("Too many open files", said)
        self.assertLess(loader, enough - 4, "at least one limit reaches film")

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_a_container_without_sys_is_a_message(self):
        prefix = ("unshare", "-rm", "bash", "-c", 'mount -t tmpfs none /sys || exit 77; exec "$0" "$@"')
        try:
            code, said = tiny_world.run(["doctor"], self.folder, prefix)
        except FileNotFoundError:
            self.skipTest("unshare is not installed")
        if "unshare" in said or code == 77:
            self.skipTest("no namespaces here: " + said)
        self.assertEqual(code, 78, said)
        self.assertIn("cannot read /sys/devices/system/cpu/possible", said)

    def test_threads_that_the_system_refuses(self):
        for path in (self.folder, *self.folder.rglob("*")):
            path.chmod(0o777)
        try:
            code, said = self.synth(preexec_fn=as_user_with_one_process)
        except PermissionError:
            self.skipTest("the program is in a folder that other users cannot read")
        self.assertEqual(code, 71, said)
        self.assertIn("ulimit -u", said)

    def test_more_threads_than_work_cost_nothing(self):
        def seconds(threads):
            tiny_world.clear("synth", self.folder)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            code, said = tiny_world.run([*VERBS["synth"][0], "--set", f"threads={threads}"], self.folder)
            self.assertEqual(code, 0, said)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.assertLess(seconds(512), 2 + 10 * seconds(1))  # processor seconds; it was over 60

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_every_warning_is_a_stop_in_good_order(self):
        for verb in ("synth", "qa"):
            self.expect_ok(*tiny_world.run_verb(verb, self.folder))
        blocked = lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGUSR2])
        for sent, before in ((signal.SIGTERM, None), (signal.SIGHUP, None), (signal.SIGUSR1, None),
                             (signal.SIGUSR2, None), (signal.SIGXCPU, None), (signal.SIGINT, None),
                             (signal.SIGTERM, blocked), (signal.SIGUSR2, blocked)):
            with self.subTest(sent=sent, blocked=before is not None):
                code, said = self.stopped_train(sent, before)
                self.assertEqual(code, 75, said)
                self.assertIn("stopped by", said)
                self.assertNotIn("error:", said)
                self.assertTrue(list((self.folder / "run/checkpoints").glob("step-*/MANIFEST.json")))

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_what_nohup_ignores_stays_ignored(self):
        for verb in ("synth", "qa"):
            self.expect_ok(*tiny_world.run_verb(verb, self.folder))
        process = self.started_train(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(tiny_world.TIMEOUT), 75)
        process.communicate()

    def started_train(self, before):
        tiny_world.clear("train", self.folder)
        process = tiny_world.start(VERBS["train"][0] + LONG_TRAIN, self.folder, preexec_fn=before)
        metrics = self.folder / "run/metrics.jsonl"
        deadline = time.time() + tiny_world.TIMEOUT
        while not (metrics.exists() and metrics.stat().st_size > 0) and process.poll() is None:
            self.assertLess(time.time(), deadline)
            time.sleep(0.02)
        return process

    def stopped_train(self, sent, before):
        process = self.started_train(before)
        process.send_signal(sent)
        out, err = process.communicate(timeout=tiny_world.TIMEOUT)
        return process.returncode, out + err


def as_user_with_one_process():
    resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
    if os.geteuid() == 0:  # root is bound by no such limit
        os.setuid(65534)


def limit_files(number):
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, number))


if __name__ == "__main__":
    unittest.main(verbosity=2)
