#!/usr/bin/env python3
"""What needs no model does not open Torch: --help, --version, config and synth start in milliseconds and run on
machines without it. No clock is asked: the dynamic loader tells what it opens (LD_DEBUG=files)."""
import pathlib
import subprocess
import tempfile
import unittest

import tiny_world

HEAVY = ("libtorch", "libc10", "libfilm_engine", "libfilm_cuda", "libcudart", "libgomp", "libcuda")


def opened(arguments, folder):
    """Exit code and the shared libraries that a run opened."""
    log = pathlib.Path(folder) / "loader"
    for old in pathlib.Path(folder).glob("loader.*"):
        old.unlink()
    environment = tiny_world.environment(LD_DEBUG="files", LD_DEBUG_OUTPUT=str(log))
    done = subprocess.run([str(tiny_world.PROGRAM), *arguments], cwd=folder, env=environment, capture_output=True,
                          timeout=tiny_world.TIMEOUT, check=False)
    said = "".join(path.read_text(errors="replace") for path in pathlib.Path(folder).glob("loader.*"))
    return done.returncode, {line.split("file=")[1].split(" ")[0] for line in said.splitlines() if "file=" in line}


class Startup(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="film-startup-")
        self.addCleanup(temp.cleanup)
        self.folder = pathlib.Path(temp.name)
        tiny_world.write_inputs(self.folder)

    def test_light_verbs_open_no_torch(self):
        light = [["--help"], ["--version"], ["train", "--help"], ["config", "show", "train"],
                 ["config", "check", "train", "--config", "train.json", "--set", "tokenizer=t.model"], tiny_world.VERBS["synth"][0],
                 tiny_world.VERBS["qa"][0]]
        for arguments in light:
            with self.subTest(arguments=arguments):
                code, libraries = opened(arguments, self.folder)
                self.assertEqual(code, 0)
                self.assertTrue(any("libc.so" in name for name in libraries), "the loader's log is there")
                heavy = [name for name in libraries if any(word in name for word in HEAVY)]
                self.assertEqual(heavy, [])

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_the_check_can_see_torch(self):
        for verb in ("synth", "qa"):
            self.assertEqual(tiny_world.run_verb(verb, self.folder)[0], 0)
        _, libraries = opened(tiny_world.VERBS["train"][0] + ["--limit", "1"], self.folder)
        self.assertTrue(any("libtorch_cpu" in name for name in libraries), "train opens Torch, and this test sees it")


if __name__ == "__main__":
    unittest.main(verbosity=2)
