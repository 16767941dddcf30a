#!/usr/bin/env python3
"""The three probes that need copying, on a model of the quickstart's size: document (bi-directional), code (backward) and
database (forward).

  . ~/.cache/film/env.sh; tests/bench/copying.py FOLDER [--film BUILD/film] [--threads N]

Trains configs/demo/copying.json and asks about sources that it has not seen: sentences of docs/topics after training on the
rest of Django's documentation, functions of django/contrib after training on the rest of Django, the chemical elements of
data/records after training on names of Unicode's characters; and on sentences, functions and a table of words drawn at random,
of which nothing can be learned by heart. About an hour on two cores; what is done already in FOLDER is not done again. Prints
the scores at 250, 400 and 1,000 tokens.
"""
import argparse
import collections
import csv
import json
import os
import pathlib
import random
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

    def words(self):
        """The commonest of the documentation."""
        counts = collections.Counter()
        for path in sorted((self.folder / "sources/docs").rglob("*.txt")):
            counts.update(re.findall(r"\b[a-z]{3,}\b", path.read_text(encoding="utf-8")))
        return [word for word, _ in counts.most_common(9600)]

    def made_sources(self, words):
        """Sentences, functions and a table of words drawn at random."""
        draw, made = random.Random(1), self.folder / "sources/made"
        (made / "code").mkdir(parents=True, exist_ok=True)
        (made / "docs").mkdir(exist_ok=True)

        def some(low, high, between):
            return between.join(draw.sample(words, draw.randint(low, high)))

        sentences = (some(6, 20, " ").capitalize() + ".\n\n" for _ in range(80000))
        (made / "docs/sentences.txt").write_text("".join(sentences), encoding="utf-8")
        forms = ("self.{} = {}({})", "if {} in {}: {}", "return {}.{}({})", "{} = [{}, {}]", "for {} in {}.{}():")
        functions = []
        for _ in range(40000):
            lines = [draw.choice(forms).format(*(some(1, 3, "_") for _ in range(3))) for _ in range(4)]
            functions.append(f"def {some(1, 3, '_')}(self):\n" + "".join(f"    {line}\n" for line in lines))
        (made / "code/functions.py").write_text("".join(functions), encoding="utf-8")
        ids = draw.sample([f"{letter}{number}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for number in range(1, 10000)], 80000)
        with open(made / "table.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("id", "label", "description"), *((i, some(1, 3, " "), some(2, 6, " ")) for i in ids)])

    def needle_settings(self, words):
        """The quickstart's needles, with sequences of six words as values."""
        text = (PROJECT / "configs/demo/synth.json").read_text(encoding="utf-8")
        settings = json.loads(re.sub(r"(^|\s)//.*$", "", text, flags=re.MULTILINE))
        for attribute in settings["records"]["attributes"]:
            attribute["values"] = words
        settings["records"]["values_per_needle"] = 6
        path = self.folder / "sequences.json"
        path.write_text(json.dumps(settings), encoding="utf-8")
        return path

    def data(self):
        words = self.words()
        common = ("--tokenizer", self.tokenizer, "--set", "inputs=sources/docs", "--set", "split.train=1", "--set",
                  "split.validation=0", "--set", "split.test=0", "--contexts", "20000:0:0", "--set", "contexts.segments=2",
                  "--segment", "16")
        for name, settings in (("needles", PROJECT / "configs/demo/synth.json"), ("sequences", self.needle_settings(words))):
            self.run("synth", "--config", settings, *common, "--out", f"data/{name}")
            self.run("qa", f"data/{name}", "--config", PROJECT / "configs/demo/qa.json")
        if not (self.folder / "sources/made/table.csv").exists():
            self.made_sources(words)
        made = {"document": "sources/made/docs", "code": "sources/made/code", "database": "sources/made/table.csv"}
        real = {"document": "sources/docs", "code": "sources/django", "database": "sources/characters.csv"}
        short = ("document.min_words=6", "document.max_words=20", "document.piece_words=4", "code.lines=2")
        self.probe_data("made", made, (160, 200, 130), 24000, 12000, 60000, short)
        self.probe_data("short", real, (250, 250, 130), 16000, 8000, 40000, short)
        self.probe_data("400", real, (400,) * 3, 6000, 6000, 16000)
        self.probe_data("1000", real, (1000,) * 3, 5000, 5000, 14000)

    def probe_data(self, name, sources, tokens, items, contexts, count, more=()):
        """Questions of the probes as training data."""
        questions = self.folder / f"questions-{name}.jsonl"
        if not questions.exists():
            self.run("eval", "--tokenizer", self.tokenizer, "--write-questions", questions, "--set", "prompt=plain",
                     *self.probes(sources, tokens, items, contexts, more))
        self.run("qa", "data/needles", "--general", questions, "--set", f"general.count={count}", "--out", f"data/probes-{name}")

    @staticmethod
    def probes(sources, tokens, items, contexts, more=()):
        settings = ['tasks=["document", "code", "database"]', *more]
        for (probe, source), length in zip(sources.items(), tokens):
            settings += [f"{probe}.source={source}", f"{probe}.context_tokens={length}", f"{probe}.items={items}",
                         f"{probe}.contexts={contexts}"]
        return [part for setting in settings for part in ("--set", setting)]

    def train(self):
        self.run("train", "--config", PROJECT / "configs/demo/copying.json", "--tokenizer", self.tokenizer, "--threads",
                 self.threads, "--out", "run")

    def ask(self, tokens):
        out = f"report-{tokens}"
        sources = {"document": f"{self.corpus}/docs/topics", "code": f"{self.corpus}/django/contrib",
                   "database": f"{PROJECT}/data/records/elements.csv"}
        short = ("document.min_words=6", "document.max_words=20", "document.piece_words=4", "code.lines=2") if tokens < 400 else ()
        self.run("eval", "run", "--config", PROJECT / "configs/demo/eval.json", "--threads", self.threads, "--out", out,
                 *self.probes(sources, (tokens,) * 3, 256, 64, short))
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
