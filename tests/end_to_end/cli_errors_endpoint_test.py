#!/usr/bin/env python3
"""An endpoint that is away, refuses, is slow or is none: what film qa and film eval say, and that nothing paid is lost.
One row = what the server answers to everything, settings, the exit code, and what the message must hold."""
import json
import pathlib
import tempfile
import unittest

import tiny_world
from endpoint_server import Server
from tiny_world import PROJECT, TOKENIZER

SETTINGS = {"model": "stand-in", "service": "test", "api_key_variable": "FILM_TEST_KEY", "max_in_flight": 4,
            "backoff": 0.01, "backoff_cap": 0.02}
PROMPTS = {"fine_grained": str(PROJECT / "configs/prompts/fine_grained.txt")}
QA = {"generator": "endpoint", "endpoint": {**SETTINGS, "prompts": PROMPTS}}
EVAL = {**tiny_world.EVAL, "model": "", "tokenizer": str(TOKENIZER), "endpoint": SETTINGS}
KEY = "sk-canary-of-the-command-line"

ROWS = {
    "refuses the key": ({"status": 401, "json": {"error": {"message": "Incorrect API key"}}}, [], 77,
                        ["401 Incorrect API key", "check the key"]),
    "a gated model": ({"status": 403, "json": {"error": {"message": "accept the terms first"}}}, [], 77,
                      ["403 accept the terms first", "may this key use this model?"]),
    "an absent model": ({"status": 404, "json": {"error": {"code": "model_not_found", "message": "no such model"}}}, [],
                        78, ["no such model", 'does the endpoint serve "stand-in"?']),
    "no such address": ({"status": 404, "json": {"detail": "Not Found"}}, [], 78,
                        ["endpoint.base_url is", "it usually ends with /v1"]),
    "elsewhere": ({"status": 302, "headers": {"location": "https://elsewhere.example/"}}, [], 78,
                  ["redirects (302) to https://elsewhere.example/", "set endpoint.base_url"]),
    "a web page": ({"body": "<html>"}, [], 69, ["200 with no JSON", "rerun the same command"]),
    "another schema": ({"json": {"answer": 42}}, [], 78, ["the reply holds no choices"]),
    "no money": ({"status": 429, "json": {"error": {"code": "insufficient_quota", "message": "no quota"}}}, [], 75,
                 ["no quota", "raise the quota"]),
    "come back tomorrow": ({"status": 429, "headers": {"retry-after": "86400"}}, [], 75,
                           ["asks for a pause of 86400 s", "rerun the same command later"]),
    "broken": ({"status": 500}, [], 69, ["500", "rerun the same command"]),
    "hangs up": ({"do": "reset"}, [], 69, ["reset", "rerun the same command"]),
    "slow": ({"do": "hang"}, ["endpoint.answer_timeout=0.2", "endpoint.max_attempts=1"], 69,
             ["timeout", "rerun the same command"]),
    "drop by drop": ({"do": "drip", "every": 0.05}, ["endpoint.total_timeout=0.3", "endpoint.max_attempts=1"], 69,
                         ["timeout", "rerun the same command"]),
}
# Wrong before anything is asked.
UNASKED = [
    (["endpoint.model="], {"qa": 78, "eval": 2}, []),  # film eval asks for a model of any kind
    (["endpoint.base_url=ftp://127.0.0.1"], 78, ["endpoint.base_url must begin with https://"]),
    (["endpoint.base_url=http://far.example/v1"], 78, ["plain http to far.example", "endpoint.allow_http=true"]),
    (["endpoint.api_key_variable=NO_SUCH_KEY"], 78, ["no API key", "NO_SUCH_KEY"]),
    (["endpoint.api_key_file=none"], 66, ["no such file: none"]),
    (["endpoint.ca_file=none"], 66, ["endpoint.ca_file none does not exist"]),
    (["endpoint.max_in_flight=0"], 78, ["endpoint.max_in_flight must be an integer from 1"]),
    (["endpoint.tempreature=1"], 78, ['did you mean "endpoint.temperature"?']),
    (["endpoint.base_url=http://127.0.0.1:1/v1"], 69, ["unreachable", "check that the server is up"]),
    (["endpoint.base_url=https://no-such-host.invalid/v1", "endpoint.proxy=none"], 69,
     ["unreachable", "check that the server is up"]),
]


class EndpointErrors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-endpoint-errors-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name)
        tiny_world.prepare(cls.folder, "train")
        (cls.folder / "ask.json").write_text(json.dumps(QA), encoding="utf-8")
        (cls.folder / "probe.json").write_text(json.dumps(EVAL), encoding="utf-8")
        cls.good = Server("--qa", "--latency", "0.01")
        cls.addClassCleanup(cls.good.end)

    def run_with(self, command, settings, url=""):
        for setting in ([f"endpoint.base_url={url}/v1"] if url else []) + settings:
            command = command + ["--set", setting]
        return tiny_world.run(command, self.folder, changes={"FILM_TEST_KEY": KEY, "no_proxy": "*"})

    def check(self, command, settings, code, fragments, url=""):
        got, said = self.run_with(command, settings, url)
        self.assertEqual(got, code[command[0]] if isinstance(code, dict) else code, said)
        for fragment in fragments:
            self.assertIn(fragment, said)
        for nonsense in (KEY, "terminate called", "json.exception", "bug in film"):
            self.assertNotIn(nonsense, said)

    def commands(self, name):
        """Both verbs, each into a folder of its own."""
        name = name.replace(" ", "-")
        return [["qa", "data", "--config", "ask.json", "--out", f"qa-{name}"],
                ["eval", "--config", "probe.json", "--out", f"eval-{name}"]]

    def test_what_servers_do(self):
        for name, (step, settings, code, fragments) in ROWS.items():
            server = Server("--step", json.dumps(step))
            self.addCleanup(server.end)
            for command in self.commands(name):
                with self.subTest(server=name, verb=command[0]):
                    self.check(command, settings, code, fragments, server.url)
                    self.check(command, [], 0, [], self.good.url)  # nothing stands in the way of a later run

    def test_wrong_settings(self):
        for settings, code, fragments in UNASKED:
            for command in self.commands("unasked"):
                with self.subTest(settings=settings, verb=command[0]):
                    self.check(command, settings, code, fragments)

    def test_what_was_paid_stays(self):
        """Some answers come, then the quota is used up; another run asks for the others only."""
        for command in self.commands("some"):
            with self.subTest(verb=command[0]):
                server = Server("--qa", "--good-for", "3")
                self.addCleanup(server.end)
                self.check(command, [], 75, ["no quota"], server.url)
                paid = len(server.seen()["answered"])
                self.assertGreaterEqual(paid, 3)
                before = self.good.seen()["total"]
                self.check(command, [], 0, [], self.good.url)
                again = self.good.seen()["total"] - before
                fresh = [part + "-fresh" if part == command[-1] else part for part in command]
                self.check(fresh, [], 0, [], self.good.url)
                everything = self.good.seen()["total"] - before - again
                self.assertEqual(again, everything - paid)

    def test_a_damaged_journal_is_said(self):
        journal = "journal.jsonl"
        for command in self.commands("damaged"):
            with self.subTest(verb=command[0]):
                out = self.folder / command[-1]
                self.check(command, [], 0, [], self.good.url)
                (out / "manifest.json").unlink()
                lines = (out / journal).read_text(encoding="utf-8").splitlines()
                (out / journal).write_text("\n".join(["garbage", *lines]) + "\n", encoding="utf-8")
                self.check(command, [], 65, [f"{journal}:1: not a line of an answer journal"], self.good.url)


if __name__ == "__main__":
    unittest.main(verbosity=2)
