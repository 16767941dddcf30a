#!/usr/bin/env python3
"""What film answers to wrong input: one row = a command, the exit code, and what the message must hold. Exit codes
are fixed for good (include/film/base/error.h); messages name the subject and the remedy."""
import fcntl
import json
import os
import pathlib
import shutil
import struct
import tempfile
import unittest

import tiny_world
from tiny_world import TOKENIZER, VERBS

LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 14483498224\n"
SYNTH, QA, TRAIN, EVAL = (VERBS[verb][0] for verb in VERBS)


def with_out(arguments, out):
    return arguments[:arguments.index("--out") + 1] + [out]


def model_rows():
    """Model folders that train must refuse, and why."""
    train = TRAIN + ["--set"]
    return [
        (train + ["model_folder=none"], 66, ["none/config.json", "config.json and model*.safetensors"]),
        (train + ["model_folder=bin_only"], 66, ["bin_only", ".bin", "safetensors"]),
        (train + ["model_folder=no_weights"], 66, ["no_weights", "holds no model.safetensors"]),
        (train + ["model_folder=lfs"], 65, ["model.safetensors", "git-lfs pointer", "git lfs pull"]),
        (train + ["model_folder=cut"], 65, ["model.safetensors", "truncated or damaged"]),
        (train + ["model_folder=cut_header"], 65, ["model.safetensors", "not a safetensors file"]),
        (train + ["model_folder=shard_missing"], 66, ["model-00002-of-00002.safetensors"]),
        (train + ["model_folder=bad_index"], 65, ["model.safetensors.index.json"]),
        (train + ["model_folder=lfs_config"], 65, ["config.json", "not valid JSON"]),
        (train + ["model_folder=list_config"], 65, ["config.json"]),
        (train + ["model_folder=no_heads"], 78, ["config.json", "num_attention_heads must be integer from 1"]),
        (train + ["model_folder=another"], 65, ["config.json", 'model_type is "gpt2"']),
        (train + ["model_folder=wrong_shape"], 65, ["has shape", "config.json asks for"]),
    ]


ROWS = [
    # The command line
    ([], 2, ["subcommand"]),
    (["sinth"], 2, ["sinth"]),
    (["synth"], 2, ["--out"]),
    (["synth", "--out", "new", "--nonsense"], 2, ["--nonsense"]),
    (["synth", "--out", "new", "--limit", "many"], 2, ["--limit"]),
    (["config", "show", "nothing"], 2, ["nothing"]),
    (["config", "init", "synth"], 2, ["--out"]),
    (["qa"], 2, ["DATA"]),
    # Settings
    (["config", "check", "synth", "--set", "seeed=1"], 78, ['there is no setting "seeed"', 'did you mean "seed"?']),
    (["config", "check", "synth", "--set", "segment.tokns=1"], 78, ['did you mean "segment.tokens"?']),
    (["config", "check", "synth", "--set", "seed"], 78, ["--set seed: expected key=value"]),
    (["config", "check", "synth", "--set", "seed=-1"], 78, ["seed must be integer, got -1"]),
    (["config", "check", "synth", "--set", "segment.tokens=0"], 78, ["segment.tokens must be integer from 1 to 65536"]),
    (["config", "check", "train", "--set", "stages=[{\"batch\":0}]"], 78, ["stages[0]: batch must be"]),
    (["config", "check", "train", "--set", "prompt=chat"], 78, ["prompt must be one of film, plain"]),
    (["config", "check", "eval", "--set", "bins=1.5"], 78, ["bins must be integer"]),
    (["config", "check", "synth", "--config", "none.json"], 66, ["no such file: none.json"]),
    (["config", "check", "synth", "--config", "corpus"], 66, ["corpus is a folder, not a file"]),
    (["config", "check", "synth", "--config", "broken.json"], 65, ["broken.json: not valid JSON"]),
    (["config", "check", "synth", "--config", "twice.json"], 65, ['twice.json: duplicate key "seed"']),
    (["config", "check", "synth", "--config", "deep.json"], 65, ["deep.json: nested deeper than 64 levels"]),
    (["config", "check", "synth", "--config", "list.json"], 78, ["list.json: settings must be an object"]),
    (["config", "init", "synth", "--out", "synth.json"], 73, ["synth.json exists already"]),
    # synth
    (["synth", "--out", "new", "--set", f"tokenizer={TOKENIZER}"], 78, ["inputs is empty", "--set inputs="]),
    (["synth", "--out", "new", "--set", "inputs=corpus"], 78, ["tokenizer is not set", "--set tokenizer="]),
    (with_out(SYNTH, "new") + ["--set", "inputs=none"], 66, ["there is no file or folder none"]),
    (with_out(SYNTH, "new") + ["--set", "inputs=empty"], 66, ["no corpus file", "looked for .jsonl"]),
    (with_out(SYNTH, "new") + ["--set", "inputs=hollow"], 66, ["the corpus holds no document"]),
    (with_out(SYNTH, "new") + ["--set", "inputs=lfs.jsonl"], 65, ["lfs.jsonl is a git-lfs pointer", "git lfs pull"]),
    (with_out(SYNTH, "new") + ["--set", "inputs=cut.jsonl.gz"], 65, ["cut.jsonl.gz", "truncated"]),
    (with_out(SYNTH, "new") + ["--set", "tokenizer=lfs.jsonl"], 65, ["git-lfs pointer", "git lfs pull"]),
    (with_out(SYNTH, "new") + ["--set", "tokenizer=none"], 66, ["no such file: none"]),
    (with_out(SYNTH, "new") + ["--set", "tokenizer=corpus"], 66, ["corpus is a folder"]),
    (with_out(SYNTH, "new") + ["--set", "split.train=0.9"], 78, ["must add up to 1"]),
    (with_out(SYNTH, "file"), 73, ["cannot create folder file"]),
    (with_out(SYNTH, "file/below"), 73, ["cannot create folder file/below"]),
    (with_out(SYNTH, "locked"), 73, ["locked is in use by another film process"]),
    (SYNTH + ["--set", "seed=7"], 78, ["data was made with other settings", "seed: 1 there, 7 now"]),
    (with_out(SYNTH, "data/questions"), 78, ["made by film qa, not film synth"]),
    # qa
    (["qa", "none"], 66, ["none holds no finished DATA folder", "run film synth first"]),
    (["qa", "corpus"], 66, ["corpus holds no finished DATA folder"]),
    (QA + ["--set", "generator=oracle"], 78, ["generator must be one of"]),
    (QA + ["--set", "types.planted=0"], 78, ["types: all weights are 0"]),
    (QA + ["--set", f"tokenizer={TOKENIZER.parent}/rewriting.model"], 78,
     ["is not the tokenizer that data was made with"]),
    (QA + ["--set", "seed=7"], 78, ["made with other settings", "seed: 1 there, 7 now"]),
    (["qa", "short_data", "--config", "qa.json"], 65, ["bytes, the manifest says"]),
    (["qa", "torn_manifest", "--config", "qa.json"], 65, ["torn_manifest/manifest.json: not valid JSON"]),
    # train, before any model is opened
    (["train", "--out", "new"], 78, ["no tokenizer given", "--set tokenizer="]),
    (["train", "--out", "new", "--set", f"tokenizer={TOKENIZER}"], 78, ['stage "train" names no data']),
    (with_out(TRAIN, "new") + ["--set", "tokenizer=none"], 66, ["no such file: none"]),
    (with_out(TRAIN, "new") + ["--set", "model.num_key_value_heads=3"], 78, ["is no multiple of num_key_value_heads"]),
    (with_out(TRAIN, "locked"), 73, ["in use by another film process"]),
    # eval, before any model is opened
    (["eval", "--out", "new"], 78, ["no model given", "--set model="]),
    (EVAL + ["--set", "model=none"], 66, ["none"]),
    (EVAL + ["--set", "model=corpus"], 66, ["corpus"]),
    (EVAL + ["--set", "model=unfinished"], 66, ["the training run unfinished is not finished"]),
    (EVAL + ["--set", 'tasks=["in3"]'], 78, ["in3"]),
    (EVAL + ["--set", "tasks=[]"], 78, ["no probe is asked for"]),
]


def safetensors(header, data=b""):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def write_models(folder):
    """One Hugging Face folder for every row of model_rows()."""
    model = tiny_world.TRAIN["model"]
    config = {"model_type": "mistral", "rms_norm_eps": 1e-5, **model}
    one = {"model.norm.weight": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}
    embedding = {"model.embed_tokens.weight": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    index = json.dumps({"weight_map": shards})
    models = {
        "bin_only": {"pytorch_model.bin": b"PK\3\4"},
        "no_weights": {},
        "lfs": {"model.safetensors": LFS.encode()},
        "cut": {"model.safetensors": safetensors(one, b"\0" * 15)},
        "cut_header": {"model.safetensors": safetensors(one)[:40]},
        "shard_missing": {"model.safetensors.index.json": index.encode(),
                          "model-00001-of-00002.safetensors": safetensors(one, b"\0" * 16)},
        "bad_index": {"model.safetensors.index.json": b'{"weight_map": {"a": 5}}'},
        "lfs_config": {"config.json": LFS.encode()},
        "list_config": {"config.json": b"[]"},
        "no_heads": {"config.json": json.dumps({**{k: v for k, v in config.items() if k != "head_dim"},
                                                "num_attention_heads": 0}).encode()},
        "another": {"config.json": json.dumps({**config, "model_type": "gpt2"}).encode()},
        "wrong_shape": {"model.safetensors": safetensors(embedding, b"\0" * 16)},
    }
    for name, files in models.items():
        (folder / name).mkdir()
        for file, content in {"config.json": json.dumps(config).encode(), **files}.items():
            (folder / name / file).write_bytes(content)


def write_wrong_inputs(folder):
    files = {"broken.json": '{"seed": 1', "twice.json": '{"seed": 1, "seed": 2}', "list.json": "[1]", "file": "x",
             "unfinished/settings.json": '{"settings": {"model_folder": ""}}',
             "deep.json": "[" * 100_000, "lfs.jsonl": LFS, "hollow/a.txt": "", "hollow/b.jsonl": ""}
    for name in ("empty", "hollow", "locked", "unfinished/checkpoints"):
        (folder / name).mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "cut.jsonl.gz").write_bytes(bytes.fromhex("1f8b08000000000000ffab56"))
    for name in ("short_data", "torn_manifest"):
        shutil.copytree(folder / "data", folder / name, ignore=shutil.ignore_patterns("questions"))
    os.truncate(next((folder / "short_data/segments").glob("*.tokens")), 2)
    (folder / "torn_manifest/manifest.json").write_text('{"files": [', encoding="utf-8")


class CliErrors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-errors-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name)
        tiny_world.prepare(cls.folder, "train")
        write_wrong_inputs(cls.folder)
        write_models(cls.folder)
        cls.lock = open(cls.folder / "locked/.lock", "w", encoding="utf-8")
        fcntl.flock(cls.lock, fcntl.LOCK_EX)
        cls.addClassCleanup(cls.lock.close)

    def check(self, arguments, code, fragments):
        with self.subTest(command="film " + " ".join(arguments)):
            shutil.rmtree(self.folder / "new", ignore_errors=True)
            shutil.rmtree(self.folder / "run", ignore_errors=True)
            got, said = tiny_world.run(arguments, self.folder)
            self.assertEqual(got, code, said)
            for fragment in fragments:
                self.assertIn(fragment, said)
            for nonsense in ("terminate called", "json.exception", "filesystem error", "std::", "bug in film"):
                self.assertNotIn(nonsense, said)

    def test_wrong_input(self):
        for row in ROWS:
            self.check(*row)

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_wrong_models(self):
        for row in model_rows():
            self.check(*row)

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_a_mistyped_path_does_not_bind_the_folder(self):
        wrong = TRAIN + ["--set", 'stages=[{"data": ["dtaa"], "steps": 1}]']
        self.check(wrong, 66, ["dtaa holds no finished DATA folder"])
        code, said = tiny_world.run(TRAIN, self.folder)
        self.assertEqual(code, 0, said)

    @unittest.skipIf(tiny_world.HAS_ENGINE, "this build has the learning half")
    def test_no_learning_half_is_said(self):
        self.check(TRAIN, 78, ["this build has no learning half", "-DFILM_ENGINE=ON"])

    def test_a_folder_without_rights(self):
        folder = self.folder / "forbidden"
        folder.mkdir()
        folder.chmod(0o500)
        if os.access(folder, os.W_OK):
            self.skipTest("rights do not bind root")
        self.check(with_out(SYNTH, "forbidden/below"), 73, ["cannot create folder forbidden/below"])

    def test_results_go_to_stdout_and_messages_to_stderr(self):
        process = tiny_world.start(["config", "show", "synth", "--json"], self.folder)
        out, err = process.communicate()
        self.assertEqual((process.returncode, err), (0, ""))
        self.assertIn("segment", json.loads(out))
        process = tiny_world.start(["config", "check", "synth", "--set", "seeed=1"], self.folder)
        out, err = process.communicate()
        self.assertEqual(out, "")
        self.assertNotIn("\x1b", err, "no colour off a terminal")

    def test_closed_stdout_is_no_crash(self):
        process = tiny_world.start(["config", "show", "train"], self.folder)
        process.stdout.close()
        process.stderr.read()
        process.stderr.close()
        self.assertIn(process.wait(timeout=tiny_world.TIMEOUT), (0, 74, 141, -13))

    def test_written_settings_are_read_again(self):
        for verb in VERBS:
            code, said = tiny_world.run(["config", "init", verb, "--out", f"start-{verb}.json"], self.folder)
            self.assertEqual(code, 0, said)
            code, said = tiny_world.run(["config", "check", verb, "--config", f"start-{verb}.json"], self.folder)
            self.assertEqual(code, 0, said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
