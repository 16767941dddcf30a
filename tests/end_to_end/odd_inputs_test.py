#!/usr/bin/env python3
"""Pipes, sockets, devices and folders where files are expected; JSON that is deep, endless or full of gigantic numbers;
models and tokenizers that are cut off. The answer is a clear error in bounded time and memory, or a stream that works."""
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import struct
import tempfile
import threading
import unittest

import tiny_world
from tiny_world import PROJECT, TOKENIZER, VERBS
from wrong_inputs import safetensors

SYNTH, QA, TRAIN, EVAL = (VERBS[verb][0] for verb in VERBS)
MODEL = PROJECT / "data/parity/v02"
ODD = {  # what stands where a file is expected, and what is said of it
    "a_pipe": "pipe", "a_socket": "a socket", "/dev/zero": "a device", "/dev/random": "a device", "a_folder": "a folder",
}
MEMORY = 2 << 30  # address space of commands without Torch


def odd_places():
    """(label, arguments with {} for the odd file, whether pipes are read there)"""
    synth = ["synth", "--config", "synth.json", "--out", "new"]
    yield "text", [*synth, "--set", f"tokenizer={TOKENIZER}", "--set", "inputs={}"], False
    yield "tokenizer", [*synth, "--set", "inputs=corpus", "--set", "tokenizer={}"], True
    yield "settings", ["config", "check", "synth", "--config", "{}"], True
    yield "import", ["qa", "data", "--import", "{}", "--out", "new"], False
    yield "key", ["qa", "data", "--endpoint", "http://127.0.0.1:9/v1", "--model", "m", "--out", "new",
                  "--set", "endpoint.api_key_file={}"], True
    yield "prompt", ["qa", "data", "--endpoint", "http://127.0.0.1:9/v1", "--model", "m", "--out", "new",
                     "--set", "endpoint.prompts.fine_grained={}"], True
    ask = ["eval", "--config", "eval.json", "--out", "new", "--set", f"tokenizer={TOKENIZER}"]
    yield "document", [*ask, "--set", f"model={MODEL}", "--set", 'tasks=["document"]',
                       "--set", "document.source={}"], False


def folders():
    """(label, arguments with {}): a folder is expected."""
    yield "data of qa", ["qa", "{}", "--config", "qa.json"], 66
    yield "checked", ["check", "{}"], 66
    yield "status", ["status", "{}"], 66
    yield "out", [word if word != "data" else "{}" for word in SYNTH], 73
    yield "model", ["eval", "--config", "eval.json", "--out", "new", "--set", f"tokenizer={TOKENIZER}",
                    "--set", "model={}"], 66
    yield "base", ["train", "data", "--config", "train.json", "--out", "new", "--set", f"tokenizer={TOKENIZER}",
                   "--set", "model_folder={}"], 66


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


CONFIG = {"model_type": "mistral", "rms_norm_eps": 1e-5, **tiny_world.TRAIN["model"]}
HUGE = ["9223372036854775807", "18446744073709551616", "1e300", "-9223372036854775808", "1e-400", "1" + "0" * 400, "NaN",
        "0.5", '"4096"', "[4096]", "{}", "true"]
DEEP = "[" * 500_000 + "]" * 500_000


class OddInputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-odd-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name).resolve()
        tiny_world.prepare(cls.folder, "train")
        os.mkfifo(cls.folder / "a_pipe")
        (cls.folder / "a_folder").mkdir()
        cls.socket = socket.socket(socket.AF_UNIX)
        cls.addClassCleanup(cls.socket.close)
        here = os.getcwd()
        os.chdir(cls.folder)  # names of sockets are short
        cls.socket.bind("a_socket")
        os.chdir(here)

    def film(self, arguments, limit=True, timeout=30):
        shutil.rmtree(self.folder / "new", ignore_errors=True)
        return tiny_world.run(arguments, self.folder, timeout=timeout, preexec_fn=limited if limit else None)

    def expect(self, code, fragments, arguments, **options):
        got, said = self.film(arguments, **options)
        self.assertEqual(got, code, said)
        for fragment in fragments:
            self.assertIn(fragment, said)
        for nonsense in ("terminate called", "bug in film", "filesystem error", "std::"):
            self.assertNotIn(nonsense, said)
        self.assertFalse((self.folder / "new/manifest.json").exists())

    def test_what_is_no_file(self):
        for label, arguments, reads_pipes in odd_places():
            for odd, words in ODD.items():
                if odd == "a_pipe" and reads_pipes or odd == "a_folder" and label in ("text", "document"):
                    continue
                with self.subTest(place=label, odd=odd):
                    code, said = self.film([word.replace("{}", odd) for word in arguments])
                    self.assertEqual(code, 66, said)
                    self.assertIn(odd, said)
                    self.assertTrue(words in said or "neither a file nor a folder" in said, said)

    def test_a_pipe_that_nobody_writes_to(self):
        for label, arguments, reads_pipes in odd_places():
            if not reads_pipes:
                continue
            shutil.rmtree(self.folder / "new", ignore_errors=True)
            with self.subTest(place=label):
                process = tiny_world.start([word.replace("{}", "a_pipe") for word in arguments], self.folder)
                line = process.stderr.readline()
                while line and "waiting" not in line:
                    line = process.stderr.readline()
                self.assertIn("waiting for what is written to the pipe a_pipe", line)
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(timeout=30), 75)
                process.communicate()

    def test_a_pipe_that_somebody_writes_to(self):
        for name, arguments in (("synth.json", ["config", "check", "synth", "--set", "tokenizer=t", "--set", "inputs=corpus",
                                                "--config", "a_pipe"]),
                                (TOKENIZER, ["synth", "--config", "synth.json", "--set", "inputs=corpus",
                                             "--set", "tokenizer=a_pipe", "--out", "new"])):
            writer = threading.Thread(target=(self.folder / "a_pipe").write_bytes,
                                      args=((self.folder / name).read_bytes(),))
            writer.start()
            code, said = self.film(arguments)
            writer.join()
            self.assertEqual(code, 0, said)

    def test_a_stream_without_end(self):
        shell = ["bash", "-c", 'exec "$0" config check synth --config <(tr "\\0" " " < /dev/zero)',
                 str(tiny_world.PROGRAM)]
        code, said = tiny_world.run([], self.folder, prefix=shell[:3], preexec_fn=limited)
        self.assertEqual(code, 65, said)
        self.assertIn("holds more than 64 MiB", said)

    def test_files_in_folders_that_are_something_else(self):
        for make in (os.mkfifo, os.mkdir):
            for file, code in ((".lock", 73), ("settings.json.part", 73)):
                (self.folder / "planted").mkdir()
                make(self.folder / "planted" / file)
                with self.subTest(file=file, make=make.__name__):
                    got, said = self.film([word if word != "data" else "planted" for word in SYNTH])
                    self.assertEqual(got, code, said)
                    self.assertIn(f"planted/{file}", said)
                shutil.rmtree(self.folder / "planted")

    def test_where_a_folder_is_expected(self):
        for label, arguments, code in folders():
            if label in ("model", "base") and not tiny_world.HAS_ENGINE:
                continue
            for odd in ("a_pipe", "a_socket", "/dev/zero", "synth.json"):
                with self.subTest(place=label, odd=odd):
                    self.expect(code, [odd], [word.replace("{}", odd) for word in arguments], limit=False)

    def test_deep_json(self):
        deep = self.folder / "deep"
        deep.mkdir(exist_ok=True)
        (deep / "deep.jsonl").write_text('{"question": "q?", "answer": ' + DEEP + "}\n", encoding="utf-8")
        (deep / "task.json").write_text('{"file": "x.jsonl", "metric": ' + DEEP + "}", encoding="utf-8")
        self.expect(65, ["deep.jsonl:1: wrong_type"], ["qa", "data", "--import", "deep/deep.jsonl", "--out", "new"])
        self.expect(65, ["deep/task.json", "nested deeper than 64 levels"],
                    ["eval", "--config", "eval.json", "--set", f"model={MODEL}", "--set", f"tokenizer={TOKENIZER}", "--set",
                     'tasks=["task"]', "--set", 'task_folders=["deep"]', "--set", "task_data=deep", "--out", "new"])
        shutil.copytree(self.folder / "data", self.folder / "deep_data", ignore=shutil.ignore_patterns("questions"))
        for file in ("manifest.json", "settings.json", "contexts/part-00000.jsonl"):
            path = self.folder / "deep_data" / file
            whole = path.read_bytes()
            path.write_text('{"a": ' + DEEP + "}", encoding="utf-8")
            got, said = self.film(["qa", "deep_data", "--config", "qa.json"])
            with self.subTest(file=file):
                self.assertEqual(got, 65, said)
                self.assertIn(file, said)
            path.write_bytes(whole)

    def test_a_deep_row_of_the_corpus_is_read(self):
        (self.folder / "rows.jsonl").write_text(
            "".join(f'{{"text": "A line about boats number {i}, as long as it has to be for one.", "more": {DEEP}}}\n'
                    for i in range(12)), encoding="utf-8")
        code, said = self.film(["synth", "--config", "synth.json", "--set", "inputs=rows.jsonl", "--set",
                                f"tokenizer={TOKENIZER}", "--set", "contexts.segments=1", "--out", "new"])
        self.assertIn(code, (0, 65, 66, 78), said)
        self.assertNotIn("bad_json", said)

    def test_a_tokenizer_that_is_cut(self):
        whole = TOKENIZER.read_bytes()
        for size in (0, 1, 2, 3, 7, 50, len(whole) // 3, len(whole) // 2, len(whole) - 40, len(whole) - 1):
            (self.folder / "cut.model").write_bytes(whole[:size])
            with self.subTest(size=size):
                self.expect(65, ["cut.model"], ["synth", "--config", "synth.json", "--set", "inputs=corpus",
                                                "--set", "tokenizer=cut.model", "--out", "new"])

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_gigantic_numbers_in_a_model(self):
        model = self.folder / "huge"
        model.mkdir(exist_ok=True)
        one = {"model.norm.weight": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}
        (model / "model.safetensors").write_bytes(safetensors(one, b"\0" * 16))
        shutil.copy(TOKENIZER, model / "tokenizer.model")
        keys = list(tiny_world.TRAIN["model"]) + ["sliding_window", "rope_theta", "rms_norm_eps"]
        draws = [(key, HUGE[(3 * i + j) % len(HUGE)]) for i, key in enumerate(keys) for j in range(2)]
        for key, value in draws:
            text = json.dumps({**CONFIG, key: "@"}).replace('"@"', value)
            (model / "config.json").write_text(text, encoding="utf-8")
            with self.subTest(key=key, value=value[:20]):
                got, said = self.film(["eval", "huge", "--data", "data", "--out", "new"], limit=False)
                self.assertIn(got, (65, 78), said)
                self.assertIn("huge", said)
                self.assertNotIn("bug in film", said)

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_impossible_safetensors(self):
        model = self.folder / "impossible"
        model.mkdir(exist_ok=True)
        shutil.copy(TOKENIZER, model / "tokenizer.model")
        (model / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
        entry = lambda **changes: safetensors({"model.norm.weight": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16],
                                                                     **changes}}, b"\0" * 16)
        header = ('{"a": ' + DEEP + "}").encode()
        for label, content in (
                ("length 2^64-1", struct.pack("<Q", 2**64 - 1) + b"{}"), ("length 2^63", struct.pack("<Q", 2**63)),
                ("length just too long", struct.pack("<Q", 3) + b"{}"), ("deep", struct.pack("<Q", len(header)) + header),
                ("shape", entry(shape=[2**62, 2**62])), ("shape below 0", entry(shape=[-4])),
                ("offsets", entry(data_offsets=[0, 2**64 - 1])), ("no numbers", entry(shape="4")),
                ("number too big", entry(data_offsets=[0, 10**30])), ("empty", b"")):
            (model / "model.safetensors").write_bytes(content)
            with self.subTest(label=label):
                self.expect(65, ["impossible"], ["eval", "impossible", "--data", "data", "--out", "new"], limit=False)


if __name__ == "__main__":
    unittest.main(verbosity=2)
