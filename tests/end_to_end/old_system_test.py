#!/usr/bin/env python3
"""Systems that are older than film's libraries need: drivers by a library that answers as they would, C and C++ libraries
by a copy of a library that asks for versions that no system has."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import tiny_world

DRIVER = os.environ.get("FILM_FAKE_DRIVER", "")
ANY_LIBRARY = os.environ.get("FILM_REFUSE_LIBRARY", "")  # one that needs the C library

DRIVERS = [  # version, error, GPUs: what is found, and the remedy
    ("12040 0 1", "knows CUDA up to 12.4, film's libraries are of 13.0", "update the driver to 580"),
    ("11080 0 8", "knows CUDA up to 11.8", "device=cpu"),
    ("12090 999 1", "too old", "update the driver"),
    ("13000 803 1", "of another version than its library", "restart the node"),
    ("13000 804 1", "compatibility library", "cuda/compat"),
    ("13010 100 1", "shows no GPU", "CUDA_VISIBLE_DEVICES"),
    ("13010 0 0", "shows no GPU", "CUDA_VISIBLE_DEVICES"),
    ("13000 999 1", "does not start (error 999)", "nvidia-smi"),
]
VERSIONS = [  # as in the library, as no system has it; what is said, and the remedy
    (b"GLIBC_2.2.5", b"GLIBC_9.9.9", "needs a C library with GLIBC_9.9.9", "scripts/containers"),
    (b"GLIBC_2.2.5", b"GLIBC_3.0.1", "needs a C library with GLIBC_3.0.1", "RHEL 9"),
    (b"GLIBC_2.2.5", b"CXXABI_9.99", "needs a C++ library with CXXABI_9.99", "LD_LIBRARY_PATH"),
    (b"GLIBC_2.2.5", b"libnccl.so9", "of different versions", "FILM_TORCH_DIR"),
]


@unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
class OldSystem(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="film-old-")
        self.addCleanup(temp.cleanup)
        self.folder = pathlib.Path(temp.name)

    def doctor(self, **changes):
        """Found and remedy of every finding, by subject."""
        done = subprocess.run([str(tiny_world.PROGRAM), "doctor", "--json"], cwd=self.folder, capture_output=True, text=True,
                              env=tiny_world.environment(**changes), timeout=tiny_world.TIMEOUT, check=False)
        answer, _ = json.JSONDecoder().raw_decode(done.stdout)  # the error behind it is JSON too
        return {one["subject"]: f"{one['found']} -> {one['remedy']}" for one in answer["findings"]}

    @unittest.skipUnless(DRIVER, "sanitizers want to be loaded first")
    def test_drivers(self):
        shutil.copy(DRIVER, self.folder / "libcuda.so.1")
        path = f"{self.folder}:{os.environ.get('LD_LIBRARY_PATH', '')}"
        for answers, found, remedy in DRIVERS:
            with self.subTest(answers=answers):
                gpu = self.doctor(LD_LIBRARY_PATH=path, FILM_TEST_DRIVER=answers)["GPU"]
                self.assertIn(found, gpu)
                self.assertIn(remedy, gpu)

    @unittest.skipUnless(DRIVER, "sanitizers want to be loaded first")
    def test_a_run_says_so_too(self):
        shutil.copy(DRIVER, self.folder / "libcuda.so.1")
        tiny_world.prepare(self.folder, "train")
        code, said = tiny_world.run([*tiny_world.VERBS["train"][0], "--set", "device=cuda"], self.folder,
                                    changes={"LD_LIBRARY_PATH": str(self.folder), "FILM_TEST_DRIVER": "12020 0 1"})
        self.assertEqual(code, 78, said)
        self.assertIn("knows CUDA up to 12.2", said)

    @unittest.skipUnless(ANY_LIBRARY, "sanitizers want to be loaded first")
    def test_c_libraries(self):
        original = pathlib.Path(ANY_LIBRARY).read_bytes()
        for had, wants, found, remedy in VERSIONS:
            with self.subTest(wants=wants):
                self.assertIn(had, original)
                lib = self.folder / "torch/lib"
                lib.mkdir(parents=True, exist_ok=True)
                for name in ("libc10.so", "libtorch_cpu.so"):
                    (lib / name).write_bytes(original.replace(had, wants))
                torch = self.doctor(FILM_TORCH_DIR=str(self.folder / "torch"))["torch"]
                self.assertIn(found, torch)
                self.assertIn(remedy, torch)


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2)
    if len(program.result.skipped) == program.result.testsRun and program.result.wasSuccessful():
        sys.exit(77)
    sys.exit(not program.result.wasSuccessful())
