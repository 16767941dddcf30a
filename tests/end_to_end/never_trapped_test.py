#!/usr/bin/env python3
"""A folder without results is free to take: what an error advises can be done in the same folder. A run that does not
fit is refused by its plan. Every command ends with what it wrote and what comes next."""
import json
import pathlib
import tempfile
import unittest

import tiny_world
from tiny_world import TOKENIZER

SMALL = ["--segment", "16", "--context", "24:64"]


class NeverTrapped(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="film-trapped-")
        self.addCleanup(temp.cleanup)
        self.folder = pathlib.Path(temp.name).resolve()
        tiny_world.write_inputs(self.folder)

    def film(self, code, *arguments, parts=(), **options):
        got, said = tiny_world.run(list(arguments), self.folder, **options)
        self.assertEqual(got, code, f"film {' '.join(arguments)}\n{said}")
        for part in parts:
            self.assertIn(part, said)
        return said

    def synth(self, code, *more, **options):
        return self.film(code, "synth", "corpus", "--tokenizer", str(TOKENIZER), "-o", "data", *more, **options)

    def test_synth_takes_advice_in_the_same_folder(self):
        for wrong in ((), ("--context", "4000:5000"), ("--segment", "16", "--contexts", "100000:1:1", "--context", "900:900")):
            self.synth(78, *wrong)
        self.synth(0, *SMALL, "--contexts", "6:2:2", "--set", "split.test=0.2", "--set", "split.validation=0.2",
                   "--set", "split.train=0.6", parts=["wrote data · next: film qa data"])
        self.synth(78, *SMALL, "--contexts", "7:2:2", parts=["made with other settings", "contexts.train: 6 there, 7 now"])

    def test_questions_are_tried_again(self):
        self.film(0, *tiny_world.VERBS["synth"][0])
        self.film(65, "qa", "data", "--set", "offline.min_sentence_words=60", "--set", "offline.types.planted=0",
                  parts=["not one question was kept"])
        self.film(0, "qa", "data", "--config", "qa.json", parts=["wrote data/questions · next: film show data 0"])

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_training(self):
        for verb in ("synth", "qa"):
            self.film(0, *tiny_world.VERBS[verb][0])
        train = ["train", "--config", "train.json", "--tokenizer", str(TOKENIZER), "-o", "run"]
        self.film(78, *train, "--set", "memory.limit=0.01", parts=["of memory, it may take 0.01 GiB", "--dry-run"])
        self.film(78, *train, "--set", "model.num_hidden_layers=1000", "--set", "model.hidden_size=16384",
                  "--set", "model.intermediate_size=65536", parts=["this run needs", "alone needs"])
        self.film(66, "train", "data", "--model", "nowhere-7b", "--tokenizer", str(TOKENIZER), "--dry-run",
                  parts=["no such model folder: nowhere-7b", "plan from counts alone", "--examples"])
        self.film(0, "train", "--config", str(tiny_world.PROJECT / "configs/film_7b.json"), "--dry-run", "--on", "h100-80",
                  "--examples", "1000", "--tokens", "4096:32768", parts=["7.24 B parameters", "memory.offload=cpu"])
        # Before the first checkpoint with state nothing binds: not even the starting point of another seed.
        (self.folder / "run/checkpoints/initial").mkdir(parents=True)
        (self.folder / "run/checkpoints/initial/model.safetensors").write_text("half", encoding="utf-8")
        self.film(0, *train, "--seed", "9", parts=["wrote run · next: film eval run --data data --out EVAL"])
        self.film(0, *train, "--seed", "9", parts=["unchanged: run", "trained model: run/checkpoints/step-"])
        self.film(0, "train", "data", "--model", "run", "--tokenizer", str(TOKENIZER), "--steps", "2", "-o", "further",
                  parts=["model: run/checkpoints/step-", "(where run ended)", "prompt: plain (as run/checkpoints/step-"])
        said = self.film(0, "eval", "run", "--data", "data", "--set", "resamples=100", "--set", "in2.max_new_tokens=3",
                         "-o", "report", parts=["prompt: plain (as ", "wrote report · next: film show report --wrong"])
        again = self.film(0, "eval", "run", "--data", "data", "--set", "resamples=100", "--set",
                          "in2.max_new_tokens=3", "-o", "report", parts=["unchanged: report"])
        self.assertIn(said[said.index("in2 ·"):said.index("report: ")], again)
        self.film(0, "eval", "run", "--data", "data", "--prompt", "film", "--set", "in2.max_new_tokens=3", "-o", "r2",
                  parts=["trained with prompt plain, now it is film"])
        answers = json.loads(self.film(0, "show", "report", "--json", "-q"))
        one = json.loads(self.film(0, "show", "report", answers[0]["id"], "--model", "after", "--json", "-q"))[0]
        pieces = one["context"]["segments"]
        self.assertIn(one["expected"], pieces[one["slot"]])
        self.film(0, "status", ".", parts=["data (synth)", "run (train)", "report (eval)"])

    def test_errors_as_json(self):
        for arguments, code in ((["synth", "--json"], 2), (["qa", "nothing", "--json"], 66), (["trian", "--json"], 2),
                                (["config", "check", "eval", "--set", "bnis=1", "--json"], 78)):
            process = tiny_world.start(arguments, self.folder)
            out, _ = process.communicate()
            self.assertEqual(process.returncode, code)
            self.assertEqual(json.loads(out)["error"]["code"], code)

    def test_tokenizer_of_the_environment(self):
        self.film(0, "synth", "corpus", *SMALL, "--contexts", "4:0:0", "-o", "data",
                  changes={"FILM_TOKENIZER": str(TOKENIZER)}, parts=["(from FILM_TOKENIZER)"])

    def test_a_wrong_torch_folder_is_said(self):
        self.film(78, "doctor", parts=["FILM_TORCH_DIR is /nowhere"], changes={"FILM_TORCH_DIR": "/nowhere"})

    def test_completions_are_scripts(self):
        for shell in ("bash", "zsh", "fish"):
            self.assertIn("synth", self.film(0, "completion", shell))


if __name__ == "__main__":
    unittest.main(verbosity=2)
