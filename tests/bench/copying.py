#!/usr/bin/env python3
"""The three probes that need copying, on a model of the quickstart's size: document (bi-directional), code (backward) and
database (forward).

  . ~/.cache/film/env.sh; tests/bench/copying.py FOLDER [--film BUILD/film] [--threads N]

Trains configs/demo/copying.json on material of film's own making and asks about sources that it has not seen: sentences of
docs/topics after training on the rest of Django's documentation, functions of django/contrib after training on the rest of
Django, the chemical elements of data/records after training on names of Unicode's characters. An hour or two on two cores;
what is done already in FOLDER is not done again. Prints the scores at 250, 400 and 1,000 tokens.
"""
import argparse
import collections
import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import unicodedata

PROJECT = pathlib.Path(__file__).resolve().parents[2]
HELD_OUT = {"docs": ["topics"], "django": ["contrib", "conf"]}
CATEGORIES = {"Lu": "capital letter", "Ll": "small letter", "Lo": "letter", "Sm": "sign of mathematics", "So": "symbol",
              "Nd": "digit", "No": "number", "Po": "punctuation", "Mn": "mark", "Lm": "modifier"}


class Bench:
    def __init__(self, options):
        self.folder = options.folder.resolve()
        self.film = options.film.resolve()
        self.threads = options.threads
        self.corpus = pathlib.Path(os.environ["FILM_CORPUS"])
        self.tokenizer = os.environ["FILM_TOKENIZER"]

    def run(self, *arguments):
        subprocess.run([self.film, "-q", *map(str, arguments)], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def sources(self):
        """What is trained on: folders but for those that are asked about, and a table."""
        for name, held_out in HELD_OUT.items():
            target = self.folder / "sources" / name
            if not target.exists():
                shutil.copytree(self.corpus / name, target, ignore=shutil.ignore_patterns(*held_out))
        with open(self.folder / "sources/characters.csv", "w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(("id", "label", "description"))
            for code in range(0x100, 0x20000):
                words = unicodedata.name(chr(code), "").lower().split()
                kind = CATEGORIES.get(unicodedata.category(chr(code)))
                if kind and 2 <= len(words) <= 5 and words[0] not in ("cjk", "hangul"):
                    table.writerow((f"U{code:X}", words[-1], f"{' '.join(words[:-1])}, {kind}"))

    def needle_settings(self):
        """The quickstart's, with sequences of six of the commonest words of the documentation as values."""
        counts = collections.Counter()
        for path in sorted((self.folder / "sources/docs").rglob("*.txt")):
            counts.update(re.findall(r"\b[a-z]{3,}\b", path.read_text(encoding="utf-8")))
        words = [word for word, _ in counts.most_common(9600)]
        text = (PROJECT / "configs/demo/synth.json").read_text(encoding="utf-8")
        settings = json.loads(re.sub(r"(^|\s)//.*$", "", text, flags=re.MULTILINE))
        for attribute in settings["records"]["attributes"]:
            attribute["values"] = words
        settings["records"]["values_per_needle"] = 6
        path = self.folder / "needles.json"
        path.write_text(json.dumps(settings), encoding="utf-8")
        return path

    def data(self):
        common = ("--tokenizer", self.tokenizer, "--set", "inputs=sources/docs", "--set", "split.train=1", "--set",
                  "split.validation=0", "--set", "split.test=0", "--contexts", "20000:0:0", "--set", "contexts.segments=2")
        self.run("synth", "--config", self.needle_settings(), *common, "--segment", "16", "--out", "data/needles")
        self.run("qa", "data/needles", "--config", PROJECT / "configs/demo/qa.json")
        self.run("synth", *common, "--segment", "32", "--set", 'contexts.kinds={"fine_grained": 1, "integration": 0, "short": 0}',
                 "--context", "16:8192", "--set", "contexts.questions_per_context=2", "--out", "data/sentences")
        self.run("qa", "data/sentences", "--config", PROJECT / "configs/qa.json", "--set",
                 'offline.types={"planted": 0, "cloze": 0, "sentence": 1}', "--set", "offline.sentence.piece_words=6", "--set",
                 'offline.sentence.question=In above context, which sentence contains the piece "{piece}"?')
        short = ("document.min_words=6", "document.max_words=16", "document.piece_words=4", "code.lines=2")
        self.probe_data("short", 250, 16000, 8000, 40000, short)
        self.probe_data("400", 400, 6000, 6000, 16000)
        self.probe_data("1000", 1000, 5000, 5000, 14000)

    def probe_data(self, name, tokens, items, contexts, count, more=()):
        """Questions of the probes as training data."""
        questions = self.folder / f"questions-{name}.jsonl"
        if not questions.exists():
            sources = ("document.source=sources/docs", "code.source=sources/django", "database.source=sources/characters.csv")
            self.run("eval", "--tokenizer", self.tokenizer, "--write-questions", questions, "--set", "prompt=plain",
                     *self.probes(tokens, items, contexts, (*sources, *more)))
        self.run("qa", "data/needles", "--general", questions, "--set", f"general.count={count}", "--out", f"data/probes-{name}")

    @staticmethod
    def probes(tokens, items, contexts, more):
        settings = ['tasks=["document", "code", "database"]', *more]
        for probe in ("document", "code", "database"):
            settings += [f"{probe}.context_tokens={tokens}", f"{probe}.items={items}", f"{probe}.contexts={contexts}"]
        return [part for setting in settings for part in ("--set", setting)]

    def train(self):
        self.run("train", "--config", PROJECT / "configs/demo/copying.json", "--tokenizer", self.tokenizer, "--threads",
                 self.threads, "--out", "run")

    def ask(self, tokens):
        out = f"report-{tokens}"
        sources = (f"document.source={self.corpus}/docs/topics", f"code.source={self.corpus}/django/contrib",
                   f"database.source={PROJECT}/data/records/elements.csv")
        self.run("eval", "run", "--config", PROJECT / "configs/demo/eval.json", "--threads", self.threads, "--out", out,
                 *self.probes(tokens, 256, 64, sources))
        return json.loads((self.folder / out / "scores.json").read_text(encoding="utf-8"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--film", type=pathlib.Path, default=PROJECT / "build/release/film")
    parser.add_argument("--threads", default="0", help="0: one for each core")
    bench = Bench(parser.parse_args())
    (bench.folder / "sources").mkdir(parents=True, exist_ok=True)
    bench.sources()
    bench.data()
    bench.train()
    print("| context | model | probe | metric | questions | score | by eighth of the context |\n|---:|---|---|---|---:|---:|---|")
    for tokens in (250, 400, 1000):
        for model in bench.ask(tokens)["models"]:
            for score in model["scores"]:
                places = " ".join(f"{place['mean']:.0f}" for place in score["positions"] if place["count"])
                print(f"| {tokens} | {model['label']} | {score['task']} | {score['metric']} | {score['count']} | "
                      f"{score['average']:.1f} | {places} |")


if __name__ == "__main__":
    main()
