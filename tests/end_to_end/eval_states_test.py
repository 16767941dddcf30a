#!/usr/bin/env python3
"""film eval and servers that do not answer what was asked: each is caught and named, and none gives a report of zeros."""
import json
import pathlib
import shutil
import tempfile
import unittest

import tiny_world
from endpoint_server import Server

CONTEXT = "Clerk {0} of the harbour wrote down every ship. " + "A plain line about ropes, tar and wind. " * 400
THINKS = {"text": "<think>ropes, so it may be the clerk</think>"}
RAW = ["endpoint.route=completions", "endpoint.template=film"]
# What the server does, settings, and what the message must hold.
CAUGHT = {
    "thinks aloud": (["--step", json.dumps(THINKS)], [], ["reasoning_only", "endpoint.reasoning=off"]),
    "never ends to think": (["--step", json.dumps({"text": "<think>hm", "finish_reason": "length"})], [], ["reasoning_only"]),
    "refuses": (["--step", json.dumps({"text": None, "message": {"refusal": "I must not"}})], [], ["refused", "I must not"]),
    "filters": (["--step", json.dumps({"text": "x", "finish_reason": "content_filter"})], [], ["refused", "content_filter"]),
    "says nothing": (["--step", json.dumps({"text": " "})], [], ["empty"]),
    "cuts prompts": (["--window", "2048"], [], ["prompt_cut", "the server read 2048 of about"]),
    "cuts a tenth": (["--window", "3500"], [], ["prompt_cut", "the server read 3500 of about"]),
    "has a short context": (["--max-model-len", "1000"], [], ["refused", "too_long: not sent"]),
    "is said to have one": ([], ["endpoint.context_tokens=900"], ["too_long: not sent", "do not fit the server's 900"]),
    "wraps raw prompts": (["--around", "31"], RAW, ["puts 31 tokens of its own around a raw prompt", "endpoint.route=chat"]),
}


class States(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="film-eval-states-")
        self.addCleanup(temp.cleanup)
        self.folder = pathlib.Path(temp.name)

    def task(self, rows, **spec):
        (self.folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        (self.folder / "mine.json").write_text(json.dumps({"file": "rows.jsonl", "metric": "exact match", **spec}),
                                               encoding="utf-8")

    def contexts(self, questions=2):
        """Rows whose answer is what the test server says to a prompt: its first 40 characters."""
        texts = [CONTEXT.format(n) for n in range(6) for _ in range(questions)]
        self.task([{"context": text, "question": f"Who? {i}", "answers": "answer to " + text[:40]}
                   for i, text in enumerate(texts)], columns={"context": "context"}, max_new_tokens=8)

    def eval(self, options, settings=()):
        server = Server(*options)
        self.addCleanup(server.end)
        command = ["-q", "eval", "--endpoint", server.url + "/v1", "--model", "test-model", "--task", "mine", "--out", "out",
                   "--tokenizer", str(tiny_world.TOKENIZER), "--set", f"task_folders={self.folder}"]
        for setting in settings:
            command += ["--set", setting]
        code, said = tiny_world.run(command, self.folder, changes={"no_proxy": "*"})
        return code, said, server

    def scores(self):
        return json.loads((self.folder / "out/scores.json").read_text(encoding="utf-8"))["models"][0]["scores"][0]

    def test_what_is_no_answer_ends_the_run_without_a_report(self):
        for name, (options, settings, fragments) in CAUGHT.items():
            with self.subTest(name):
                self.contexts()
                code, said, _ = self.eval(options, settings)
                self.assertEqual(code, 78, said)
                for fragment in fragments:
                    self.assertIn(fragment, said)
                self.assertFalse((self.folder / "out/scores.json").exists())
                shutil.rmtree(self.folder / "out", ignore_errors=True)

    def test_answers_in_another_order_find_their_questions(self):
        self.contexts(questions=5)
        code, said, server = self.eval(["--latency", "0.02"])
        self.assertEqual(code, 0, said)
        self.assertEqual((self.scores()["average"], self.scores()["count"]), (100.0, 30))
        self.assertEqual(server.seen()["total"], 32, "two more show how the server counts")

    def test_a_few_that_are_no_answers_are_counted_and_left_out(self):
        refuses = json.dumps({"id": "no", "script": [{"text": None, "message": {"refusal": "no"}}]})
        self.task([{"question": refuses if i == 70 else f"q{i}", "answers": f"answer to q{i}"} for i in range(200)])
        code, said, _ = self.eval([])
        self.assertEqual(code, 0, said)
        self.assertIn("of 200 answers: refused 1", said)
        self.assertEqual((self.scores()["average"], self.scores()["count"]), (100.0, 199))
        self.assertEqual(self.scores()["notes"]["answers"], {"refused": 1})

    def test_choices_are_not_rated_by_a_server_that_may_ignore_echo(self):
        self.task([{"question": "which one is it?", "answers": "a", "options": ["a", "b"]}], mode="choose", metric="accuracy",
                  columns={"choices": ["options"]}, wrap="none")
        rated = ["endpoint.route=completions"]
        for options, settings, fragment in ([], [], "on the route chat"), ([], rated, "no token_logprobs"), (
                ["--echo", "generated"], rated, "does not begin with the prompt"), (
                ["--echo", "flat"], rated, "the same log-probability"), (["--echo", "cut"], rated, "prompt_cut 1"):
            code, said, _ = self.eval(options, settings)
            self.assertEqual(code, 78, said)
            self.assertIn(fragment, said)
            self.assertFalse((self.folder / "out/scores.json").exists())
            shutil.rmtree(self.folder / "out", ignore_errors=True)

    def test_choices_are_rated_by_a_server_that_echoes_prompts(self):
        self.task([{"question": f"question {i}:", "answers": "one way", "options": ["one way", "another"]} for i in range(20)],
                  mode="choose", metric="accuracy", columns={"choices": ["options"]}, wrap="none")
        code, said, _ = self.eval(["--echo", "good"], ["endpoint.route=completions"])
        self.assertEqual(code, 0, said)
        self.assertEqual(self.scores()["count"], 20)
        rows = (self.folder / "out/predictions/mine.endpoint.jsonl").read_text(encoding="utf-8").splitlines()
        for row in map(json.loads, rows):
            self.assertEqual(len(row["log_likelihoods"]), 2)
            self.assertEqual(row["score"], float(row["log_likelihoods"][0] > row["log_likelihoods"][1]))

    def test_raw_prompts_go_out_in_the_template_named(self):
        self.task([{"question": "q", "answers": "answer to [INST] q [/INST]"}])
        code, said, server = self.eval(["--around", "1"], ["endpoint.route=completions", "endpoint.template=mistral"])
        self.assertEqual(code, 0, said)
        self.assertEqual(self.scores()["average"], 100.0)
        self.assertEqual(server.seen()["paths"]["/v1/completions"], 3)

    def test_penalties_that_a_server_would_apply_are_switched_off(self):
        described = {"paths": {"/v1/chat/completions": {"post": {"requestBody": {"content": {"application/json": {
            "schema": {"properties": {"repeat_penalty": {"default": 1.1}}}}}}}}}}
        self.task([{"question": "q", "answers": "answer to q"}])
        sent_one, not_known = "(sent: repeat_penalty 1.0)", "(its own penalties on repeated tokens are not known)"
        quick = ["endpoint.backoff=0.001"]
        for options, settings, sent, described_as in (
                (["--openapi", json.dumps(described)], [], 1.0, sent_one),
                (["--openapi", "{}"], [], None, ""),
                (["--openapi", json.dumps(described), "--openapi-silent", "2"], quick, 1.0, sent_one),
                (["--openapi", json.dumps(described), "--openapi-silent", "9"], quick, None, not_known),
                (["--openapi", json.dumps(described)], ['endpoint.extra_body={"repeat_penalty": 1.3}'], 1.3, "")):
            code, out, server = self.eval(options, settings)
            self.assertEqual(code, 0, out)
            self.assertEqual(server.seen()["last"].get("repeat_penalty"), sent)
            (model,) = json.loads((self.folder / "out/scores.json").read_text(encoding="utf-8"))["models"]
            self.assertEqual(model["description"].partition("/v1")[2].strip(), described_as)
            self.assertEqual("is not known" in out, described_as == not_known)
            shutil.rmtree(self.folder / "out")

    def test_a_prompt_with_a_template_of_its_own_is_not_wrapped_again(self):
        self.task([{"question": "[INST] q [/INST]", "answers": "x"}], wrap="none")
        code, said, server = self.eval([])
        self.assertEqual(code, 78, said)
        self.assertIn("begins with [INST], a chat template, and would get a second one", said)
        self.assertEqual(server.seen()["total"], 0)


if __name__ == "__main__":
    unittest.main()
