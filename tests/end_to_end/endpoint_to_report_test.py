#!/usr/bin/env python3
"""From text to a report with questions from an endpoint. film qa is killed at random moments and resumed: the bytes of
a run that was left alone, no answer of the journal asked for again, and a kill costs at most what was in flight."""
import json
import pathlib
import random
import tempfile
import time
import unittest

import tiny_world
from endpoint_server import Server

PROJECT = tiny_world.PROJECT
KILLS = 6
IN_FLIGHT = 8
SYNTH = {"threads": 1, "segment": {"tokens": 64}, "split": {"train": 0.7, "validation": 0.1, "test": 0.2},
         "contexts": {"train": 300, "validation": 30, "test": 60, "document_max": 900,
                      "target": {"min": 500, "max": 1500}, "kinds": {"fine_grained": 0.7, "integration": 0.3}}}
PROMPTS = PROJECT / "configs/prompts"
QA = {"generator": "endpoint", "per_context": 1,
      "endpoint": {"spares": 0.1, "prompts": {path.stem: str(path) for path in PROMPTS.glob("*.txt")},
                   "service": "test", "model": "stand-in", "api_key_variable": "", "max_in_flight": IN_FLIGHT}}
TRAIN = {**tiny_world.TRAIN, "max_tokens": 2048, "pack_tokens": 2048,
         "model": {**tiny_world.TRAIN["model"], "max_position_embeddings": 2048},
         "stages": [{"data": ["data"], "batch": 2, "steps": 2, "schedule": {"peak": 0.001}}]}
EVAL = {**tiny_world.EVAL, "in2": {"items": 12, "max_new_tokens": 2}}


def write_inputs(folder):
    (folder / "corpus").mkdir()
    draw = random.Random(1)
    for number in range(80):
        sentences = (f"In the year {draw.randrange(1000, 2000)} mason {number} of street {n} carried "
                     f"{draw.randrange(10_000)} stones over hill {draw.randrange(1000)}." for n in range(6))
        (folder / f"corpus/{number:02}.txt").write_text("\n".join(sentences) + "\n", encoding="utf-8")
    for name, settings in {"synth": SYNTH, "qa": QA, "train": TRAIN, "eval": EVAL}.items():
        (folder / f"{name}.json").write_text(json.dumps(settings), encoding="utf-8")


class EndpointToReport(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-endpoint-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name)
        write_inputs(cls.folder)
        for data in ("data", "calm"):
            cls.film("synth", "--config", "synth.json", "--set", "inputs=corpus", "--set",
                     f"tokenizer={tiny_world.TOKENIZER}", "--out", data)
        calm = Server("--qa")
        cls.addClassCleanup(calm.end)
        cls.film(*cls.qa("calm", calm))
        cls.questions = len(calm.seen()["asked"])

    @classmethod
    def film(cls, *arguments):
        code, said = tiny_world.run(list(arguments), cls.folder)
        assert code == 0, f"film {arguments[0]} failed with exit code {code}:\n{said}"

    @staticmethod
    def qa(data, server):
        return ["qa", data, "--config", "qa.json", "--set", f"endpoint.base_url={server.url}/v1"]

    def journal(self):
        """Its whole lines."""
        path = self.folder / "data/questions/journal.jsonl"
        content = path.read_bytes() if path.exists() else b""
        return content[:content.rfind(b"\n") + 1].splitlines()

    def kill_again_and_again(self, server):
        """The requests that each kill cost: sent, but their answers not in the journal."""
        draw = random.Random(20240426)
        lost, known = [], []
        for part in range(KILLS):
            process = tiny_world.start(self.qa("data", server), self.folder)
            # After an even share of the questions that are left, give or take a moment.
            enough = len(known) + (self.questions - len(known)) // (KILLS - part + 1)
            while len(self.journal()) < enough and process.poll() is None:
                time.sleep(0.01)
            time.sleep(draw.uniform(0, 0.1))
            if process.poll() is not None:
                break
            process.kill()
            process.communicate()
            time.sleep(0.1)  # the server reads what was sent to it
            journal = self.journal()
            self.assertEqual(journal[:len(known)], known, "a line of the journal is gone")
            known = journal
            lost.append(sum(server.seen()["asked"].values()) - len(known) - sum(lost))
        return lost

    def test_killed_and_resumed_every_question_is_answered_once(self):
        server = Server("--qa", "--latency", "0.04")
        self.addCleanup(server.end)
        lost = self.kill_again_and_again(server)
        self.assertGreaterEqual(len(lost), KILLS // 2, "the runs ended before they could be killed")
        self.assertLessEqual(max(lost), IN_FLIGHT, "a kill costs no more than what was in flight")
        self.assertGreaterEqual(min(lost), 0, "the journal holds what was never asked")
        self.film(*self.qa("data", server))
        asked = server.seen()["asked"]
        self.assertEqual(len(asked), self.questions, "the same questions as in the run that was left alone")
        keys = [json.loads(line)["key"] for line in self.journal()]
        self.assertEqual((len(keys), len(set(keys))), (self.questions, self.questions), "each is in the journal once")
        self.assertEqual(sum(asked.values()), self.questions + sum(lost), "none but the lost ones was asked again")
        print(f"{self.questions} questions, requests lost by {len(lost)} kills: {lost}", end=" ", flush=True)
        results = tiny_world.results("qa", self.folder)
        for name in ("examples.jsonl", "rejected.jsonl"):
            calm = (self.folder / "calm/questions" / name).read_bytes()
            self.assertEqual((self.folder / "data/questions" / name).read_bytes(), calm, name)
        for name, group in results["manifest"]["groups"].items():
            self.assertEqual(group["kept"], group["wanted"], name)
        self.film(*self.qa("data", server))
        self.assertEqual(server.seen()["asked"], asked, "a finished folder asks nothing")
        if tiny_world.HAS_ENGINE:
            self.to_the_report()

    def to_the_report(self):
        self.film("train", "--config", "train.json", "--set", f"tokenizer={tiny_world.TOKENIZER}", "--out", "run")
        self.film("eval", "--config", "eval.json", "--out", "eval")
        self.assertIn("<svg", (self.folder / "eval/report.html").read_text(encoding="utf-8"))
        scores = json.loads((self.folder / "eval/scores.json").read_text(encoding="utf-8"))
        self.assertEqual([model["scores"][0]["count"] for model in scores["models"]], [12, 12], "before and after")


if __name__ == "__main__":
    unittest.main(verbosity=2)
