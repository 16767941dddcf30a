#!/usr/bin/env python3
"""What a model of the quickstart's size can be taught to find and to copy, in which order, by settings of film synth alone.

  . ~/.cache/film/env.sh; tests/bench/copying.py FOLDER [--film BUILD/film] [--threads N]

Stages, each from the model of the one before (configs/demo/copying.json has what they share): needles whose values are few or
words in an order that never comes twice; such needles with the value in front of what is asked for; needles asked for by any of
4,000 words; pieces of a sentence, between no fixed words; the probes' own questions (film eval --write-questions) on short
sentences, functions and a table of random words; sentences that begin three to eight words before the piece; longer ones; and at last
many more questions of the probes code and document, each in a context of three pieces or so. Asks
after every stage about held-out draws of some kinds of needle; after the last one also for the probes document, code and database: on
random words and on sources that were not trained on (docs/topics and django/contrib of Django, the chemical elements of data/records).
Chance of a needle is 50 %. About two hours on one core; what is done already in FOLDER is not done again.
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

PROJECT = pathlib.Path(__file__).resolve().parents[2]


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
        """Documentation, but for the part that is asked about."""
        target = self.folder / "sources/docs"
        if not target.exists():
            shutil.copytree(self.corpus / "docs", target, ignore=shutil.ignore_patterns("topics"))

    def words(self):
        """The commonest of the documentation."""
        counts = collections.Counter()
        for path in sorted((self.folder / "sources/docs").rglob("*.txt")):
            counts.update(re.findall(r"\b[a-z]{3,}\b", path.read_text(encoding="utf-8")))
        return [word for word, _ in counts.most_common(9600)]

    def made_sources(self, name, words, size, seed):
        """Sentences, functions of so many lines, and a table, of words drawn at random."""
        draw, made = random.Random(seed), self.folder / "sources" / name
        (made / "code").mkdir(parents=True, exist_ok=True)
        (made / "docs").mkdir(exist_ok=True)

        def some(low, high, between):
            return between.join(draw.sample(words, draw.randint(low, high)))

        sentences = (some(*size.words, " ").capitalize() + ".\n\n" for _ in range(80000))
        (made / "docs/sentences.txt").write_text("".join(sentences), encoding="utf-8")
        forms = ("self.{} = {}({})", "if {} in {}: {}", "return {}.{}({})", "{} = [{}, {}]", "for {} in {}.{}():")
        functions = []
        for _ in range(40000):
            body = [draw.choice(forms).format(*(some(1, 3, "_") for _ in range(3))) for _ in range(size.lines)]
            functions.append(f"def {some(1, 3, '_')}(self):\n" + "".join(f"    {line}\n" for line in body))
        (made / "code/functions.py").write_text("".join(functions), encoding="utf-8")
        ids = draw.sample([f"{letter}{number}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for number in range(1, 10000)], 80000)
        with open(made / "table.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("id", "label", "description"), *((i, some(1, 3, " "), some(2, 6, " ")) for i in ids)])

    def needle_settings(self, name, sentence, question, keys, values, per_needle):
        """The quickstart's needles, in other words. keys: names to ask for; values: of each, None as there."""
        text = (PROJECT / "configs/demo/synth.json").read_text(encoding="utf-8")
        settings = json.loads(re.sub(r"(^|\s)//.*$", "", text, flags=re.MULTILINE))
        records = settings["records"]
        records.update(sentence=sentence, question=question, values_per_needle=per_needle)
        if keys:
            records["attributes"] = [{"name": key} for key in keys]
        for attribute in records["attributes"]:
            attribute["values"] = values() if values else attribute["values"]
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(settings), encoding="utf-8")
        return path

    def needles(self, words):
        """Settings of every kind of needle, by name."""
        draw = random.Random(9)
        forward, backward, alone = "The secret {attribute} is {value}.", "The {value} is the secret {attribute}.", "The {value} {attribute}."
        ask, which = "What is the secret {attribute}?", 'In above context, which sentence contains the piece "{attribute}"?'
        singles = sorted(draw.sample(words, 4000))
        pieces = sorted({" ".join(draw.sample(words, draw.randint(2, 4))) for _ in range(4000)})

        def some():
            return draw.sample(words, 100)

        kinds = {"needles": (forward, ask, None, None, 1), "sequences": (forward, ask, None, lambda: words, 6),
                 "backward": (backward, ask, None, None, 1), "backward-sequences": (backward, ask, None, lambda: words, 6),
                 "keys-forward": (forward, ask, singles, some, 2), "keys-backward": (backward, ask, singles, some, 2),
                 "pieces-1": (alone, which, singles, some, 2), "pieces-4": (alone, which, pieces, some, 2)}
        for length in (3, 5, 8):  # how far before the piece the sentence begins
            kinds[f"begins-{length}"] = (alone, which, pieces, some, length)
        return {name: self.needle_settings(name, *kind) for name, kind in kinds.items()}

    def needle_data(self, words):
        common = ("--tokenizer", self.tokenizer, "--set", "inputs=sources/docs", "--set", "split.validation=0", "--set",
                  "contexts.segments=2", "--segment", "16")
        train = ("--set", "split.train=1", "--set", "split.test=0", "--contexts", "20000:0:0")
        test = ("--set", "split.train=0", "--set", "split.test=1", "--contexts", "0:0:150", "--seed", "5")
        for name, settings in self.needles(words).items():
            for data, split in ((f"data/{name}", train), (f"data/test-{name}", test)):
                self.run("synth", "--config", settings, *common, *split, "--out", data)
                self.run("qa", data, "--config", PROJECT / "configs/demo/qa.json")

    def data(self):
        words = self.words()
        self.needle_data(words)
        for name, size in SIZES.items():
            for folder, seed in ((name, 1), (f"{name}-test", 2)):  # the latter to ask about: no sentence is in both
                if not (self.folder / f"sources/{folder}/table.csv").exists():
                    self.made_sources(folder, words, size, seed)
            self.questions(name, f"probes-{name}", 60000, *self.probes(made(name), 24000, 12000, size))
        for name, (probe, tokens) in ALONE.items():
            size = SIZES["short"]._replace(tokens=(tokens,))
            source = {probe: made("short")[probe]}
            self.questions(name, name, 160000, *self.probes(source, 160000, 80000, size))

    def questions(self, name, data, count, *settings):
        """The probes' own questions as data for training."""
        file = self.folder / f"questions-{name}.jsonl"
        if not file.exists():
            self.run("eval", "--tokenizer", self.tokenizer, "--write-questions", file, "--set", "prompt=plain", *settings)
        self.run("qa", "data/needles", "--general", file, "--set", f"general.count={count}", "--out", f"data/{data}")

    @staticmethod
    def probes(sources, items, contexts, size):
        settings = [f"tasks={json.dumps(list(sources))}", f"document.min_words={size.words[0]}",
                    f"document.max_words={size.words[1]}", f"document.piece_words={size.piece}", f"code.lines={size.asked}"]
        for (probe, source), length in zip(sources.items(), size.tokens):
            settings += [f"{probe}.source={source}", f"{probe}.context_tokens={length}", f"{probe}.items={items}",
                         f"{probe}.contexts={contexts}"]
        return [part for setting in settings for part in ("--set", setting)]

    def train(self):
        """Names of the stages, in order."""
        before = ()
        for name, stage in STAGES.items():
            settings = {"name": name, "data": [f"data/{part}" for part in stage.data], "batch": 64, "steps": stage.steps,
                        "stop_accuracy": stage.stop, "schedule": {"peak": stage.rate, "warmup_steps": 30 if before else 150,
                                                                  "decay": "constant"}}
            self.run("train", "--config", PROJECT / "configs/demo/copying.json", "--tokenizer", self.tokenizer, "--threads",
                     self.threads, "--set", f"stages={json.dumps([settings])}", *before, "--out", f"run-{name}")
            before = ("--model", f"run-{name}")

    def ask(self, out, *arguments):
        self.run("eval", "--config", PROJECT / "configs/demo/eval.json", "--threads", self.threads, "--out", out, *arguments)
        scores = json.loads((self.folder / out / "scores.json").read_text(encoding="utf-8"))["models"][0]["scores"]
        return {score["task"]: score for score in scores}

    def model(self, stage):
        """The trained one alone: of a run film eval asks the model that it began with, too."""
        return max((self.folder / f"run-{stage}/checkpoints").glob("step-*"))

    def after(self, stage, kind):
        """Exact match on held-out draws."""
        return self.ask(f"reports/{stage}-{kind}", self.model(stage), "--set", f'data=["data/test-{kind}"]', "--set", 'tasks=["in2"]',
                        "--set", "in2.items=200", "--set", "in2.max_new_tokens=24")["in2"]["average"]

    def at_the_end(self):
        real = {"document": f"{self.corpus}/docs/topics", "code": f"{self.corpus}/django/contrib",
                "database": f"{PROJECT}/data/records/elements.csv"}
        for name, sources, size in (("random words, short", made("short-test"), "short"),
                                    ("random words", made("long-test"), "long"), ("sources not trained on", real, "long")):
            scores = self.ask("reports/" + name.replace(" ", "-"), self.model(list(STAGES)[-1]), "--set", "seed=77",
                              *self.probes(sources, 256, 64, SIZES[size]))
            for probe, score in scores.items():
                print(f"| {name} | {probe} | {score['metric']} | {score['count']} | {score['average']:.1f} | "
                      f"{score['low']:.1f} to {score['high']:.1f} | {self.chance(name, probe):.1f} |")

    def chance(self, name, probe):
        """Of naming the right piece, if one of the context's is named at random."""
        file = next((self.folder / "reports" / name.replace(" ", "-") / "predictions").glob(f"{probe}.*.jsonl"))
        slots = [json.loads(line)["slots"] for line in file.read_text(encoding="utf-8").splitlines()]
        return 100 * sum(1 / number for number in slots) / len(slots)


def made(name):
    return {"document": f"sources/{name}/docs", "code": f"sources/{name}/code", "database": f"sources/{name}/table.csv"}


# words of a sentence, lines of a function; words of the piece and lines that are asked for; tokens of the context of each probe
Size = collections.namedtuple("Size", "words lines piece asked tokens")
SIZES = {"short": Size((3, 7), 2, 2, 1, (60, 130, 90)), "long": Size((6, 20), 4, 4, 2, (160, 200, 130))}
# the questions of one probe alone, in contexts of three pieces or so: the probe, and tokens of its contexts
ALONE = {"functions": ("code", 88), "sentences": ("document", 44)}
Stage = collections.namedtuple("Stage", "data steps stop rate", defaults=(4e-3,))  # steps at most, training accuracy to stop at
STAGES = {
    "needles": Stage(("needles", "sequences"), 1500, 0.95, 5e-3),
    "backward": Stage(("backward", "backward-sequences"), 250, 0.95),
    "keys": Stage(("keys-forward", "keys-backward"), 600, 0.93),
    "pieces": Stage(("pieces-1", "keys-backward"), 400, 0.93),
    "longer-pieces": Stage(("pieces-1", "pieces-4"), 300, 0.93),
    "short": Stage(("pieces-4", "keys-backward", "probes-short"), 900, 0.93),
    "begins": Stage(("pieces-4", "begins-3", "begins-5", "begins-8", "probes-short"), 900, 0.93),
    "begins-slower": Stage(("pieces-4", "begins-3", "begins-5", "begins-8", "probes-short"), 800, 0.93, 3e-3),
    "begins-slowest": Stage(("pieces-4", "begins-3", "begins-5", "begins-8", "probes-short"), 1200, 0.93, 2e-3),
    "all": Stage(("begins-8", "begins-3", "keys-backward", "probes-short", "probes-long"), 800, 0.97, 2e-3),
    "all-slower": Stage(("begins-8", "begins-3", "keys-backward", "probes-short", "probes-long"), 600, 0.97, 1e-3),
    "functions": Stage(("functions",), 1150, 0.97, 3e-3),
    "functions-mixed": Stage(("functions", "probes-short"), 700, 0.97, 1.5e-3),
    "many": Stage(("functions", "sentences", "probes-short", "probes-long"), 1950, 0.97, 2e-3),
    "many-slower": Stage(("functions", "sentences", "probes-short", "probes-long"), 700, 0.97, 1e-3),
}
KINDS = ("sequences", "backward-sequences", "keys-backward", "pieces-4", "begins-8")


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
    print(f"| after the stage | {' | '.join(KINDS)} |\n|---|{'---:|' * len(KINDS)}")
    for stage in STAGES:
        print(f"| {stage} | {' | '.join(f'{bench.after(stage, kind):.1f}' for kind in KINDS)} |", flush=True)
    print("\n| probes on | probe | metric | questions | score | 95 % | chance |\n|---|---|---|---:|---:|---:|---:|")
    bench.at_the_end()


if __name__ == "__main__":
    main()
