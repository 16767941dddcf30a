#!/usr/bin/env python3
"""Hostile names and texts on their way through film: corpus, questions, models and servers into terminal, JSON, HTML, SVG,
Markdown and CSV. None of them holds a control character, markup, or a formula that came from outside."""
import csv
import html.parser
import json
import pathlib
import re
import shutil
import tempfile
import unicodedata
import unittest
import xml.etree.ElementTree

import endpoint_server
import tiny_world
from tiny_world import TOKENIZER

NASTY = ["\x1b[31mred\x1b[0m", "\x1b]0;owned\x07", "\x9b2J", "a\rover", "bell\x07\x08", "rtl\u202etxt.exe", "iso\u2066late",
         "<img src=x onerror=alert(1)>", "<script>alert(2)</script>", "</svg><svg onload=alert(3)>", "]]><b>bold</b>",
         "[link](javascript:alert(4))", "`tick` **bold** | cell", "=cmd|'/C calc'!A0", "@SUM(1+1)*cmd", "+1+1", "-2+3",
         "$(touch owned); `touch owned`", "{{7*7}} ${7*7} %s%n%x", "&lt;b&gt; &amp; \"quoted\" 'single'"]
FILES = [re.sub(r"[/\r]", "_", text)[:100] + ".txt" for text in NASTY] + ["new\nline.txt"]
# Elements that a report is made of; what came from outside adds none.
FOREIGN_TAGS = {"img", "b2", "iframe", "object", "embed", "form", "input", "link", "base", "video", "audio"}


def controls(text):
    """Control characters but line break and tab, and what turns the direction of writing."""
    return sorted({c for c in text if c not in "\n\t" and (unicodedata.category(c) == "Cc" or c in
                   "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")})


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.handlers, self.scripts, self.links = set(), [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.handlers += [name for name, _ in attributes if name.startswith("on")]
        self.links += [value for name, value in attributes if name in ("href", "src", "action")]
        if tag == "script":
            self.scripts.append(attributes)


class NastyTexts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory(prefix="film-nasty-")
        cls.addClassCleanup(temp.cleanup)
        cls.folder = pathlib.Path(temp.name).resolve()
        tiny_world.write_inputs(cls.folder)
        cls.corpus = cls.folder / "co\x1b[1mrpus<b>"
        (cls.folder / "corpus").rename(cls.corpus)
        for i, name in enumerate(FILES):
            text = "\n".join(f"{line} The boat number {i} waits under grey water." for line in NASTY)
            (cls.corpus / name).write_bytes(text.encode() + b"\n")
        cls.data = "da\x1b]0;x\x07ta<i>"
        cls.said = []

    def film(self, *arguments, code=0):
        process = tiny_world.start(arguments, self.folder)
        out, err = process.communicate(timeout=tiny_world.TIMEOUT)
        self.assertEqual(process.returncode, code, out + err)
        for stream in (out, err):
            self.assertEqual(controls(stream), [], f"film {arguments}: {stream!r}")
        self.assertNotIn("bug in film", err)
        self.assertFalse((self.folder / "owned").exists())
        return out

    def json(self, *arguments, code=0):
        return json.loads(self.film(*arguments, "--json", code=code))

    def test_1_data(self):
        synth = ["synth", str(self.corpus), "--config", "synth.json", "--set", f"tokenizer={TOKENIZER}", "--out", self.data]
        self.film(*synth)
        self.json(*synth)
        self.film("qa", self.data, "--config", "qa.json")
        rows = [{"question": f"Why {text}?", "answer": text, "context": i % 5} for i, text in enumerate(NASTY)]
        with open(self.folder / "own\x1b[7m.jsonl", "w", encoding="utf-8") as file:
            file.write("".join(json.dumps(row) + "\n" for row in rows))
        self.film("qa", self.data, "--import", "own\x1b[7m.jsonl")
        for command in (["show", self.data], ["show", self.data, "0"], ["show", self.data, "3"], ["status", self.data],
                        ["check", self.data], ["ls", "."]):
            self.film(*command)
            self.json(*command)
        with open(self.folder / "bad.jsonl", "w", encoding="utf-8") as file:
            file.write("".join(json.dumps({**row, "evidence": row["answer"] + " is nowhere"}) + "\n" for row in rows))
        self.film("qa", self.data, "--import", "bad.jsonl", code=65)
        shown = self.json("show", self.data, "0")
        self.assertIn(NASTY[0], [q["answer"] for q in shown["questions"]], "JSON means what was there")

    def test_2_errors(self):
        for text in NASTY:
            name = text.replace("\0", "").replace("/", "_")
            self.film("synth", name, "--set", f"tokenizer={TOKENIZER}", "--out", "x", code=66)
            self.json("check", name, code=66)
            self.film("config", "check", "synth", "--set", f"{name}=1", code=78)
            self.json("config", "check", "train", "--set", f"precision={name}", code=78)
            self.film(name, code=2)
        (self.folder / "settings.json").write_text(json.dumps({NASTY[0]: NASTY[7]}), encoding="utf-8")
        self.film("config", "check", "synth", "--config", "settings.json", code=78)

    def look_at(self, report):
        page = Page()
        text = (report / "report.html").read_text(encoding="utf-8")
        page.feed(text)
        self.assertEqual(controls(text), [])
        self.assertEqual(page.tags & FOREIGN_TAGS, set())
        self.assertEqual(page.handlers, [])
        for link in page.links:
            self.assertNotRegex(link, "(?i)^ *(javascript|vbscript):")
        for word in ("<img", "<script>alert", "<b>bold", "<svg onload"):
            self.assertNotIn(word, text)
        text = (report / "report.md").read_text(encoding="utf-8")
        self.assertEqual(controls(text), [])
        text = re.sub(r"^```\n.*?^```\n", "", text, flags=re.MULTILINE | re.DOTALL)  # the command line, as it is typed
        self.assertNotRegex(text, r"<(img|script|svg|b|i)\b|(?<!\\)\]\(javascript", "markup")
        for file in report.rglob("*.svg"):
            self.assertEqual(controls(file.read_text(encoding="utf-8")), [])
            tags = {element.tag.split("}")[-1] for element in xml.etree.ElementTree.parse(file).iter()}
            self.assertEqual(tags & {"script", "img", "b", "foreignObject"}, set())
        cells = 0
        for file in report.rglob("*.csv"):
            for row in csv.reader(file.read_text(encoding="utf-8").splitlines()):
                for cell in row:
                    cells += 1
                    self.assertEqual(controls(cell), [])
                    number = re.fullmatch(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?|nan|inf", cell)
                    self.assertTrue(number or not re.match(r"[=+\-@\t\r]", cell), cell)
        self.assertGreater(cells, 10)

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_3_models_and_report(self):
        stages = json.dumps([{"name": NASTY[7], "data": [self.data], "batch": 4, "steps": 3,
                              "schedule": {"peak": 0.01, "decay": "constant"}}])
        self.film("train", "--config", "train.json", "--set", f"stages={stages}", "--set", f"tokenizer={TOKENIZER}",
                  "--out", "run<u>\x1b[5m")
        (self.folder / "tasks").mkdir()
        items = [{"question": text, "answers": [text, "b"]} for text in NASTY]
        (self.folder / "tasks/q.jsonl").write_text("".join(json.dumps(i) + "\n" for i in items), encoding="utf-8")
        task = {"file": "q.jsonl", "metric": "F1", "max_new_tokens": 2, "remark": NASTY[8], "group": NASTY[7]}
        for name in ("-1", "task"):
            (self.folder / f"tasks/{name}.json").write_text(json.dumps(task), encoding="utf-8")
        ask = ["eval", "--config", "eval.json", "--set", "model=run<u>\x1b[5m", "--set", "data=" + json.dumps([self.data]),
               "--set", 'task_folders=["tasks"]', "--set", "tasks=" + json.dumps(["in2", "-1", "task"]),
               "--set", "title=" + json.dumps("\n```\n".join(NASTY)), "--out", "rep\x1b[3mort<s>"]
        self.film(*ask)
        self.json(*ask)
        report = self.folder / "rep\x1b[3mort<s>"
        self.look_at(report)
        for command in (["show", report.name], ["show", report.name, "--wrong"], ["status", report.name],
                        ["check", report.name, "run<u>\x1b[5m"]):
            self.film(*command)
            self.json(*command)

    def test_4_servers(self):
        text = " ".join(NASTY)
        server = endpoint_server.Server("--step", json.dumps({"text": text}))
        self.addCleanup(server.end)
        ask = ["eval", "--endpoint", server.url + "/v1", "--model", "m", "--set", "tasks=" + json.dumps(["document"]),
               "--set", f"tokenizer={TOKENIZER}", "--set", f"document.source={self.corpus}", "--set", "document.min_words=8",
               "--set", "document.context_tokens=400", "--set", "document.items=6", "--set", "document.contexts=2"]
        self.film(*ask, "--out", "served")
        self.look_at(self.folder / "served")
        both = ["served", "rep\x1b[3mort<s>"][:2 if tiny_world.HAS_ENGINE else 1]
        self.film("report", *both, "--title", text, "--out", "joined")
        self.json("report", *both, "--title", text)
        self.look_at(self.folder / "joined")
        self.film("show", "served", "--wrong")
        self.json("show", "served", "--wrong")
        refusing = endpoint_server.Server("--step", json.dumps({"status": 400, "json": {"error": {"message": text}}}))
        self.addCleanup(refusing.end)
        self.film("eval", "--endpoint", refusing.url + "/v1", *ask[3:], "--out", "refused", code=78)
        if (self.folder / self.data).exists():
            self.film("qa", self.data, "--endpoint", server.url + "/v1", "--model", "m", "--out", "asked", code=65)


if __name__ == "__main__":
    unittest.main(verbosity=2)
