#!/usr/bin/env python3
"""torchrun of the torch wheel starts film train in two processes, and starts it again after one was killed: the same
weights as undisturbed."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

import tiny_world

PYTHON = os.environ.get("FILM_TEST_PYTHON", "")


def reason_not_to():
    if not PYTHON or not shutil.which(PYTHON):
        return "FILM_TEST_PYTHON is not set: scripts/setup.sh --tests makes a Python with torch"
    done = subprocess.run([PYTHON, "-c", "import torch.distributed.run"], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else "this Python has no torch.distributed.run: " + done.stderr[-300:]


class Torchrun(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        obstacle = reason_not_to()
        if obstacle:
            raise unittest.SkipTest(obstacle)
        cls.temp = tempfile.TemporaryDirectory(prefix="film-torchrun-")
        cls.addClassCleanup(cls.temp.cleanup)
        cls.folder = pathlib.Path(cls.temp.name).resolve()
        tiny_world.prepare(cls.folder, "train")
        tiny_world.lengthen_training(cls.folder, 30, shard="optimizer")

    def start(self, out):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        return subprocess.Popen(
            [PYTHON, "-m", "torch.distributed.run", "--nproc-per-node=2", "--max-restarts=3", "--monitor-interval=0.2",
             f"--master-port={port}", "--no-python", str(tiny_world.PROGRAM), "train", "--config", "train.json",
             "--tokenizer", str(tiny_world.TOKENIZER), "--out", out],
            cwd=self.folder, env=tiny_world.environment(OMP_NUM_THREADS="1"), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")

    def files(self, process, out):
        said, _ = process.communicate(timeout=150)
        self.assertEqual(process.returncode, 0, said)
        return tiny_world.result_hashes(self.folder, out), said

    def test_a_killed_rank_is_started_again(self):
        whole, said = self.files(self.start("whole"), "whole")
        self.assertIn("2 ranks", said)
        process = self.start("killed")
        tiny_world.wait_for_steps(self.folder, "killed", 8)
        os.kill(self.member("killed"), signal.SIGKILL)
        files, said = self.files(process, "killed")
        self.assertEqual(files, whole, said)
        self.assertIn("resuming from", said)

    @staticmethod
    def member(out):
        """Process number of rank 1."""
        for folder in pathlib.Path("/proc").iterdir():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if words[0].endswith(b"/film") and words[-2] == out.encode() and \
                        b"\0RANK=1\0" in b"\0" + (folder / "environ").read_bytes():
                    return int(folder.name)
            except (OSError, IndexError):
                continue
        raise AssertionError("no process of rank 1")


if __name__ == "__main__":
    program = unittest.main(exit=False, argv=[sys.argv[0], "-v", *sys.argv[1:]])
    if program.result.skipped and program.result.testsRun == 0 and program.result.wasSuccessful():
        print(program.result.skipped[0][1])
        sys.exit(77)
    sys.exit(not program.result.wasSuccessful())
