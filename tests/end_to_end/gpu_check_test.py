#!/usr/bin/env python3
"""scripts/gpu_check.sh and .py without a GPU: the shell part with stand-ins for the programs, the measurements with a small
model on the CPU."""
import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/gpu_check.sh"
PYTHON = ROOT / "scripts/gpu_check.py"
PASSES = "#!/bin/sh\necho '[  PASSED  ] 3 tests.'\n"
FAILS = "#!/bin/sh\necho broken; exit 1\n"
SKIPS = "#!/bin/sh\necho '[  SKIPPED ] Some.Test (0 ms)'; echo '[  PASSED  ] 2 tests.'\n"
TESTS = ("film_test_kernels", "film_test_model", "film_test_generation", "film_test_train")


def program(path, text):
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


class Shell(unittest.TestCase):
    """A folder of stand-ins: film doctor sees a GPU, tests do what each case wants."""

    def run_check(self, *words, tests=PASSES, doctor="ok  GPU  Stand-in, compute capability 9.0", torch="wheel/torch", **extra):
        with tempfile.TemporaryDirectory() as folder:
            top = pathlib.Path(folder)
            bin_folder, lib, out = top / "bin", top / "wheel/torch/lib", top / "out"
            bin_folder.mkdir()
            lib.mkdir(parents=True)
            (lib / "libtorch_cuda.so").touch()
            (top / "wheel/torch/__init__.py").touch()
            (bin_folder / "libfilm_cuda.so").touch()
            program(bin_folder / "film", f"#!/bin/sh\necho '{doctor}'\n")
            for name in TESTS:
                program(bin_folder / name, tests)
            for name, text in extra.items():
                program(bin_folder / name, text)
            environment = {**os.environ, "FILM_BUNDLE_BUILD": str(bin_folder), "PYTHONPATH": str(top / "wheel")}
            environment.pop("FILM_TORCH_DIR", None)
            words = [*words, "--out", str(out)] + (["--torch", str(top / torch)] if torch else [])
            done = subprocess.run(["bash", str(SCRIPT), *words], env=environment, capture_output=True, text=True, timeout=120,
                                  check=False)
            files = {path.name: path.read_text() for path in out.glob("*.*")} if out.exists() else {}
            return done, files

    def states(self, files):
        return {check["check"]: check["state"] for check in json.loads(files["results.json"])["checks"]}

    def test_what_passes_fails_and_is_skipped(self):
        for tests, code, state in ((PASSES, 0, "passed"), (FAILS, 1, "failed"), (SKIPS, 1, "failed")):
            done, files = self.run_check("--quick", tests=tests)
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
            self.assertEqual(self.states(files), {"kernels": state, "model": state, "generation": state, "training": state})

    def test_only_some_and_a_name_that_is_none(self):
        done, files = self.run_check("--only", "model,training")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.states(files), {"model": "passed", "training": "passed"})
        done, _ = self.run_check("--only", "kernals")
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn("no check is called 'kernals'", done.stderr)

    def test_torch_is_found_where_python_has_it(self):
        done, _ = self.run_check("--quick", torch=None)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_no_gpu_and_no_torch_have_their_codes(self):
        self.assertEqual(self.run_check("--quick", doctor="note  GPU  none")[0].returncode, 69)
        self.assertEqual(self.run_check("--quick", torch="nowhere")[0].returncode, 78)
        self.assertEqual(self.run_check("--fast")[0].returncode, 2)

    def test_a_mode_runs_alone_and_leaves_a_table(self):
        line = json.dumps({"seconds": [9, 2.0, 2.5], "tokens": 16384, "flops": 4e14, "planned": 2**33, "peak": 2**33 + 2**27,
                           "offload": "cpu"})
        refusal = "error: this run needs 80.00 GiB of memory, it may take 70.00 GiB"
        bench = f"#!/bin/sh\ncase $(cat $1) in *none*) echo '{refusal}' >&2; exit 1;; *) echo '{line}';; esac\n"
        done, files = self.run_check("--train-7b", film_bench_training=bench)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.states(files), {"train": "passed"})
        self.assertIn("| film | 8192 | auto | cpu | 8,192 | - | 8.0 | 8.1 | +1.6 % |", files["train.md"])
        self.assertIn("| film | 8192 | none | does not fit: this run needs 80.00 GiB", files["train.md"])
        self.assertEqual(len(json.loads(files["train.json"])["results"]), 6 + 3)  # three of transformers
        self.assertIn("MFU, causal", done.stdout)

    def test_a_mode_that_fails_fails_the_call(self):
        done, files = self.run_check("--train-7b", film_bench_training="#!/bin/sh\necho 'error: CUDA is lost' >&2; exit 1\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("failed: error: CUDA is lost", files["train.md"])


class Measurements(unittest.TestCase):
    """The measurements themselves, on the CPU with a model of three layers."""

    def measure(self, mode, out, *words):
        folder = out / "bin"
        folder.mkdir()
        for name in ("FILM_PROGRAM", "FILM_BENCH_TRAINING", "FILM_BENCH_GENERATION"):
            target = pathlib.Path(os.environ[name])
            self.assertTrue(target.exists(), f"{target} is not built")
            (folder / target.name).symlink_to(target)
        done = subprocess.run([sys.executable, str(PYTHON), mode, "--small", "--bin", str(folder), "--out", str(out), *words],
                              capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads((out / f"{mode}.json").read_text())["results"], (out / f"{mode}.md").read_text()

    def test_train(self):
        with tempfile.TemporaryDirectory() as folder:
            results, table = self.measure("train", pathlib.Path(folder))
        self.assertEqual([result["state"] for result in results], ["passed"] * 6, table)
        self.assertEqual([result["offload"] for result in results[3:]], ["none", "cpu", "disk"])
        self.assertTrue(all(result["tokens_per_second"] > 0 for result in results))
        self.assertEqual(len(table.splitlines()), 2 + 2 + 6)

    def test_probe(self):
        with tempfile.TemporaryDirectory() as folder:
            results, table = self.measure("probe", pathlib.Path(folder))
        self.assertEqual(results[0]["state"], "passed", table)
        self.assertGreater(results[0]["new_tokens_per_second"], 0)
        self.assertEqual(sorted(results[0]["wall"]), ["all", "before", "first", "prefix"])
        self.assertLessEqual(abs(results[0]["planned_error"]), 1, table)  # a small model's: most is the process itself
        heading, line, row = [line for line in table.splitlines() if line.startswith("|")]
        self.assertIn("| program | 300 tokens read for the first time, s | and others then, s |", heading)
        self.assertEqual(line.count("|"), heading.count("|"))
        self.assertTrue(row.startswith("| film | "), table)
        self.assertEqual(row.count("|"), heading.count("|"), table)

    def test_the_probe_measures_by_the_clock(self):
        """What a GPU computes is no CPU time of the program."""
        line = json.dumps({"prefix": 0.1, "first": 0.5, "all": 1.0,
                           "wall": {"before": 3.0, "prefix": 2.0, "first": 10.0, "all": 16.0}, "ids": [[1]], "planned": 2**36, "peak": 2**36 - 2**33})
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder)
            program(out / "film_bench_generation", f"#!/bin/sh\ngrep -q '\"device\": \"cpu\"' $1 && echo '{line}'\n")
            done = subprocess.run([sys.executable, str(PYTHON), "probe", "--small", "--bin", folder, "--out", folder,
                                   "--limit", "50"], capture_output=True, text=True, timeout=120, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("| film | 3.00 | 2.00 | 150 | 12 | 16.00 | 94 | 64.0 | 56.0 | -12.5 % |", (out / "probe.md").read_text())
            results = json.loads((out / "probe.json").read_text())["results"]
        self.assertNotIn("ids", results[0])
        self.assertEqual(results[0]["prefill_tokens_per_second"], 150)

    def test_a_random_model_is_one_that_film_and_others_can_read(self):
        sys.path.insert(0, str(PYTHON.parent))
        sys.dont_write_bytecode = True
        import gpu_check
        with tempfile.TemporaryDirectory() as folder:
            gpu_check.write_model(pathlib.Path(folder), gpu_check.SMALL)
            raw = (pathlib.Path(folder) / "model.safetensors").read_bytes()
        size = int.from_bytes(raw[:8], "little")
        header = json.loads(raw[8:8 + size])
        end = max(info["data_offsets"][1] for info in header.values())
        self.assertEqual(len(raw), 8 + size + end)
        self.assertEqual(header["model.layers.2.mlp.down_proj.weight"]["shape"], [64, 128])
        begin, _ = header["model.norm.weight"]["data_offsets"]
        self.assertEqual(raw[8 + size + begin:8 + size + begin + 4], b"\x80\x3f\x80\x3f", "norms are ones")
        exponents = {raw[8 + size + 2 * i + 1] & 0x7F for i in range(1000)}
        self.assertEqual(exponents, {60}, "weights of 0.008 to 0.016")


if __name__ == "__main__":
    unittest.main()
