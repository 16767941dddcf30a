#!/usr/bin/env python3
"""What film answers to wrong input: one row = a command, the exit code, and what the message must hold. Exit codes
are fixed for good (include/film/base/error.h); messages name the subject and the remedy."""
import fcntl
import json
import pathlib
import shutil
import tempfile
import unittest

import tiny_world
import wrong_inputs
from tiny_world import PROJECT, TOKENIZER, VERBS

SYNTH, QA, TRAIN, EVAL = (VERBS[verb][0] for verb in VERBS)
MODEL = PROJECT / "data/parity/v02"  # a whole one, for rows that fail before it is opened
ASK = ["eval", "--config", "eval.json", "--out", "new", "--set", f"model={MODEL}", "--set", f"tokenizer={TOKENIZER}"]
BARE = {"synth": ["synth"], "qa": ["qa", "data"], "train": ["train"], "eval": ["eval"]}


def with_out(arguments, out):
    return arguments[:arguments.index("--out") + 1] + [out]


def from_inputs(setting):
    """film synth on other inputs than the world's: lists named twice add up."""
    return [setting if word == "inputs=corpus" else word for word in with_out(SYNTH, "new")]


MODELS = [  # model folders that train and eval must refuse, and why
    ("mistralai/Mistral-7B-v0.1", 66, ["no such model folder: mistralai/Mistral-7B-v0.1", "film downloads nothing"]),
    ("corpus", 66, ["corpus/config.json", "config.json and model*.safetensors"]),
    ("bin_only", 66, ["bin_only", ".bin", "safetensors"]),
    ("no_weights", 66, ["no_weights", "holds no model.safetensors"]),
    ("lfs", 65, ["model.safetensors", "git-lfs pointer", "git lfs pull"]),
    ("gated", 65, ["model.safetensors", "not a safetensors file"]),
    ("cut", 65, ["model.safetensors", "truncated or damaged"]),
    ("cut_header", 65, ["model.safetensors", "not a safetensors file"]),
    ("shard_missing", 66, ["model-00002-of-00002.safetensors"]),
    ("bad_index", 65, ["model.safetensors.index.json"]),
    ("lfs_config", 65, ["config.json", "git-lfs pointer"]),
    ("list_config", 65, ["config.json"]),
    ("no_heads", 65, ["config.json", "num_attention_heads must be an integer from 1"]),
    ("quantised", 65, ["config.json", "the model is quantised (hqq)"]),
    ("longrope", 65, ["config.json: rope_scaling", 'RoPE scaling "longrope" is not supported']),
    ("half_window", 65, ["config.json", "layer_types with and without a window"]),
    ("another", 65, ["config.json", 'model_type is "gpt2"']),
    ("wrong_shape", 65, ["has shape", "config.json asks for"]),
]

ROWS = [
    # The command line
    ([], 0, ["Usage: film COMMAND", "Examples:"]),
    (["sinth"], 2, ['there is no command "sinth"', 'did you mean "synth"?']),
    (["synth"], 2, ["film synth needs", "INPUT", "--tokenizer FILE", "--out FOLDER", "for example: film synth my_texts"]),
    (["synth", "--out", "new", "--nonsense"], 2, ["--nonsense"]),
    (["synth", "--out", "new", "--limit", "many"], 2, ["--limit"]),
    (["config", "show", "nothing"], 2, ["nothing"]),
    (["config", "init", "synth"], 2, ["--out"]),
    (["config", "init", "synth", "--out=~/film"], 78, ["--out is ~/film: ~ is not expanded here", "$HOME/film"]),
    (["config", "show", "qa", "--config=~/qa.json"], 78, ["--config is ~/qa.json: ~ is not expanded here"]),
    (["qa"], 2, ["DATA"]),
    # Settings
    (["config", "check", "synth", "--set", "seeed=1"], 78, ['there is no setting "seeed"', 'did you mean "seed"?']),
    (["config", "check", "synth", "--set", "segment.tokns=1"], 78, ['did you mean "segment.tokens"?']),
    (["config", "check", "synth", "--set", "seed"], 78, ["--set seed: expected key=value"]),
    (["config", "check", "synth", "--set", "seed=-1"], 78, ["seed must be an integer, got -1"]),
    (["config", "check", "synth", "--set", "segment.tokens=0"], 78, ["segment.tokens must be an integer from 1 to 65536"]),
    (["config", "check", "synth", "--set", "tokenizer=t.model", "--set", "inputs=corpus", "--set",
      "contexts.target.min=9000", "--set", "contexts.target.max=100"], 78,
     ["contexts.target.min (9000) is above contexts.target.max (100)"]),
    (["config", "check", "eval", "--set", "tasks=[]"], 78, ["tasks is empty"]),
    (["trian"], 2, ['there is no command "trian"', 'did you mean "train"?']),
    (["config", "check", "train", "--set", "stages=[{\"batch\":0}]"], 78, ["stages[0]: batch must be"]),
    (["config", "check", "train", "--set", "prompt=chat"], 78, ["prompt must be one of film, plain"]),
    (["config", "check", "eval", "--set", "bins=1.5"], 78, ["bins must be an integer"]),
    (["config", "check", "synth", "--config", "none.json"], 66, ["no such file: none.json"]),
    (["config", "check", "synth", "--config", "corpus"], 66, ["corpus is a folder, not a file"]),
    (["config", "check", "synth", "--config", "broken.json"], 65, ["broken.json: not valid JSON"]),
    (["config", "check", "synth", "--config", "twice.json"], 65, ['twice.json: duplicate key "seed"']),
    (["config", "check", "synth", "--config", "deep.json"], 65, ["deep.json: nested deeper than 64 levels"]),
    (["config", "check", "synth", "--config", "list.json"], 78, ["list.json: settings must be an object"]),
    (["config", "init", "synth", "--out", "synth.json"], 73, ["synth.json exists already"]),
    (["config", "check", "synth", "--config", "bad.json"], 65, ["bad.json: not valid JSON", "ill-formed UTF-8"]),
    # synth
    (["synth", "--out", "new", "--set", f"tokenizer={TOKENIZER}"], 2, ["film synth needs", "INPUT"]),
    (["synth", "corpus", "--out", "new"], 2, ["film synth needs", "for example: film synth corpus --tokenizer"]),
    (from_inputs("inputs=none"), 66, ["there is no file or folder none"]),
    (from_inputs("inputs=empty"), 66, ["inputs: no file to read in empty", "looked for"]),
    (from_inputs("inputs=hollow"), 66, ["the corpus holds no document"]),
    (from_inputs("inputs=lfs.jsonl"), 65, ["lfs.jsonl is a git-lfs pointer", "git lfs pull"]),
    (from_inputs("inputs=bad.txt"), 66, ["bad_utf8 1", "the first at bad.txt"]),
    (from_inputs('inputs=["corpus", "broken.jsonl", "bad.txt"]'), 0,
     ["rejected: bad_json", "rejected: bad_utf8"]),
    (from_inputs("inputs=cut.jsonl.gz"), 65, ["cut.jsonl.gz", "truncated"]),
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
    (QA + ["--out", "new", "--import", "none"], 66, ["no such file: none"]),
    (QA + ["--out", "new", "--import", "bad.csv"], 65, ["bad.csv:2: bad_utf8", "iconv -f"]),
    (QA + ["--out", "new", "--import", "questions.jsonl"], 65, ["questions.jsonl:1: bad_json"]),
    (QA + ["--out", "new", "--import", "broken.json"], 65, ["broken.json:1: bad_json"]),
    (QA + ["--out", "locked"], 73, ["locked is in use by another film process"]),
    (QA + ["--out", "file"], 73, ["cannot create folder file"]),
    (QA + ["--set", "offline.types.planted=0"], 78, ["offline.types: all weights are 0"]),
    (QA + ["--set", f"tokenizer={TOKENIZER.parent}/rewriting.model"], 78,
     ["is not the tokenizer that data was made with"]),
    (QA + ["--set", "seed=7"], 78, ["made with other settings", "seed: 1 there, 7 now"]),
    (["qa", "short_data", "--config", "qa.json"], 65, ["bytes, the manifest says"]),
    (["qa", "keyless_questions", "--config", "qa.json"], 65,
     ["keyless_questions/questions/manifest.json", '"rejected.by_reason" is missing']),
    (["qa", "torn_manifest", "--config", "qa.json"], 65, ["torn_manifest/manifest.json: not valid JSON"]),
    # train, before any model is opened
    (["train", "--out", "new"], 2, ["film train needs", "DATA", "--model FOLDER", "--tokenizer FILE"]),
    (["train", "data", "--out", "new"], 2, ["--model FOLDER to start from", "for example: film train data --model MODEL"]),
    (["train", "--out", "new", "--set", f"tokenizer={TOKENIZER}", "--set", "model.head_dim=8"], 2,
     ["film train needs", "DATA"]),
    (with_out(TRAIN, "new") + ["--set", "tokenizer=none"], 66, ["no such file: none"]),
    (with_out(TRAIN, "new") + ["--set", "model.num_key_value_heads=3"], 78, ["is not a multiple of num_key_value_heads"]),
    (with_out(TRAIN, "new") + ["--set", f"tokenizer={TOKENIZER.parent}/rewriting.model"], 65,
     ["data was made with another tokenizer than"]),
    (with_out(TRAIN, "file"), 73, ["cannot create folder file"]),
    (with_out(TRAIN, "locked"), 73, ["in use by another film process"]),
    # eval, before any model is opened
    (ASK + ["--set", f"tokenizer={TOKENIZER.parent}/rewriting.model"], 65,
     ["data was made with another tokenizer than the model's"]),
    (ASK + ["--set", "tokenizer=none"], 66, ["no such file: none"]),
    (ASK + ["--set", 'data=["none"]'], 66, ["none holds no finished DATA folder", "run film synth first"]),
    (ASK + ["--set", 'data=["unasked"]'], 66, ["unasked holds no finished questions", "run film qa first"]),
    (ASK + ["--set", 'data=["broken_data"]'], 65, ["broken_data/questions/examples.jsonl", "bytes, the manifest says"]),
    (ASK + ["--set", 'tasks=["document"]'], 66, ["document.source is not set"]),
    (ASK + ["--set", 'tasks=["document"]', "--set", "document.source=none"], 66,
     ["document.source: there is no file or folder none"]),
    (ASK + ["--set", 'tasks=["document"]', "--set", "document.source=empty"], 66,
     ["document.source: no file to read in empty"]),
    (ASK + ["--set", 'tasks=["database"]', "--set", "database.source=questions.jsonl"], 65,
     ["database.source", "questions.jsonl:1: bad_json"]),
    (with_out(EVAL, "locked") + ["--set", f"model={MODEL}"], 73, ["in use by another film process"]),
    (with_out(EVAL, "file") + ["--set", f"model={MODEL}"], 73, ["cannot create folder file"]),
    (EVAL + ["--set", "model=gone"], 65, ["gone/manifest.json", 'key "model" is missing']),
    (["eval", "--out", "new"], 2, ["film eval needs", "MODEL", "--data FOLDER"]),
    (EVAL + ["--set", "model=none"], 66, ["none"]),
    (EVAL + ["--set", "model=corpus"], 66, ["corpus"]),
    (EVAL + ["--set", "model=unfinished"], 66, ["the training run unfinished is not finished"]),
    (EVAL + ["--set", 'tasks=["in3"]'], 78, ["in3"]),
    (EVAL + ["--set", "tasks=[]"], 78, ["tasks is empty"]),
]


class CliErrors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-errors-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name)
        tiny_world.prepare(cls.folder, "train")
        wrong_inputs.write_files(cls.folder)
        wrong_inputs.write_models(cls.folder)
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

    def test_wrong_settings_of_every_verb(self):
        for verb, bare in BARE.items():
            command = bare + ["--out", "new"]
            self.check(command + ["--set", "threds=1"], 78, ['there is no setting "threds"', 'did you mean "threads"?'])
            self.check(command + ["--set", "threads=many"], 78, ["threads must be an integer", 'got "many"'])
            self.check(command + ["--set", "threads=-1"], 78, ["threads must be an integer from 0"])
            self.check(command + ["--config", "none.json"], 66, ["no such file: none.json"])
            self.check(command + ["--config", "broken.json"], 65, ["broken.json: not valid JSON"])
            self.check(command + ["--config", "bad.json"], 65, ["bad.json: not valid JSON"])
            self.assertFalse((self.folder / "new").exists(), f"film {verb} with wrong settings writes nothing")

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_wrong_models(self):
        tokenizer = ["--set", f"tokenizer={TOKENIZER}"]
        for model, code, fragments in MODELS:
            self.check(TRAIN + ["--set", "model_folder=" + model], code, fragments)
            self.check(with_out(EVAL, "new") + tokenizer + ["--set", "model=" + model], code, fragments)

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_wrong_data_for_training(self):
        for data, code, fragments in (
                ("none", 66, ["none holds no finished DATA folder", "run film synth first"]),
                ("unasked", 66, ["unasked holds no finished questions", "run film qa first"]),
                ("short_data", 65, ["bytes, the manifest says"]),
                ("broken_data", 65, ["broken_data/questions/examples.jsonl", "bytes, the manifest says"])):
            stages = json.dumps([{"data": [data], "steps": 1}])
            self.check(with_out(TRAIN, "new") + ["--set", "stages=" + stages], code, fragments)

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_a_mistyped_path_does_not_bind_the_folder(self):
        wrong = TRAIN + ["--set", 'stages=[{"data": ["dtaa"], "steps": 1}]']
        self.check(wrong, 66, ["dtaa holds no finished DATA folder"])
        code, said = tiny_world.run(TRAIN, self.folder)
        self.assertEqual(code, 0, said)

    @unittest.skipIf(tiny_world.HAS_ENGINE, "this build has the learning half")
    def test_no_learning_half_is_said(self):
        self.check(TRAIN, 78, ["this build has no learning half", "-DFILM_ENGINE=ON"])

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
            code, said = tiny_world.run(["config", "show", verb, "--config", f"start-{verb}.json"], self.folder)
            self.assertEqual(code, 0, said)

    def test_whole_settings_are_valid(self):
        for verb in VERBS:
            settings = VERBS[verb][0]
            at = settings.index("--config")
            given = settings[at:at + 2] + [word for i in range(len(settings) - 1) if settings[i] == "--set"
                                           for word in settings[i:i + 2]]
            code, said = tiny_world.run(["config", "check", verb] + given, self.folder)
            self.assertEqual(code, 0, said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
