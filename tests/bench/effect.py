#!/usr/bin/env python3
"""The quickstart's effect over several seeds: a base trained with evidence at the ends of its contexts, and the same further
steps with evidence everywhere alike (in2) or at the ends still (control).

  scripts/quickstart.sh FOLDER && tests/bench/effect.py FOLDER [--seeds 1 2 3 4 5] [--film BUILD/film]

Each seed is a new start and order of reading on the quickstart's data; all models are asked the quickstart's questions. What
is done already in FOLDER/seeds/N is not done again. Ends: mean of the first and the last eighth of the context; middle: mean
of the four eighths in the middle; gap: highest minus lowest eighth. Prints Markdown: mean and standard deviation over seeds,
and of ends minus middle, and of what a model's ends are better than the base's, the 90 % interval over seeds (Student's t): within
3 points it shows a flat curve, or ends as good as before (two one-sided tests at 5 %).
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess

PROJECT = pathlib.Path(__file__).resolve().parents[2]
MODELS = ("base", "control", "in2")


# Student's t, 95 % point, by degrees of freedom.
T95 = {1: 6.314, 2: 2.920, 3: 2.353, 4: 2.132, 5: 2.015, 6: 1.943, 7: 1.895, 8: 1.860, 9: 1.833}


def run(film, folder, *arguments):
    subprocess.run([film, "-q", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def one_seed(film, tokenizer, folder, seed, threads):
    """Average of every eighth of the context, by model."""
    out = folder / "seeds" / str(seed)
    out.mkdir(parents=True, exist_ok=True)
    demo = PROJECT / "configs/demo"
    common = ("--tokenizer", tokenizer, "--seed", str(seed), "--threads", threads)
    run(film, folder, "train", "--config", str(demo / "base.json"), *common, "--out", str(out / "base"))
    for name, data in (("control", "data/ends-long"), ("in2", "data/in2-long")):
        run(film, folder, "train", data, "--config", str(demo / "further.json"), "--model", str(out / "base"), *common,
            "--out", str(out / name))
    run(film, folder, "eval", *(str(out / name) for name in MODELS), "--config", str(demo / "eval.json"), "--set",
        'data=["data/probe-long"]', "--set", 'tasks=["in2"]', "--threads", threads, "--out", str(out / "report"))
    scores = json.loads((out / "report/scores.json").read_text(encoding="utf-8"))
    return {model["label"]: [place["mean"] for place in model["scores"][0]["positions"]] for model in scores["models"]}


def measures(curve):
    ends, middle = statistics.mean((curve[0], curve[-1])), statistics.mean(curve[2:6])
    return {"ends": ends, "middle": middle, "gap": max(curve) - min(curve), "ends - middle": ends - middle}


def cell(values):
    spread = statistics.stdev(values) if len(values) > 1 else 0
    return f"{statistics.mean(values):.1f} ± {spread:.1f}"


def interval(values):
    if len(values) - 1 not in T95:
        return ""
    reach = T95[len(values) - 1] * statistics.stdev(values) / math.sqrt(len(values))
    return f"{statistics.mean(values) - reach:+.1f} to {statistics.mean(values) + reach:+.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--film", type=pathlib.Path, default=PROJECT / "build/release/film")
    parser.add_argument("--threads", default="0", help="of each run; 0: one for each core")
    parser.add_argument("--tokenizer", default=os.environ.get("FILM_TOKENIZER"))
    options = parser.parse_args()
    if not options.tokenizer:
        parser.error("no tokenizer: . ~/.cache/film/env.sh, or --tokenizer FILE")
    curves = [one_seed(options.film.resolve(), options.tokenizer, options.folder.resolve(), seed,
                       options.threads)
              for seed in options.seeds]
    print(f"{len(curves)} seeds: {', '.join(map(str, options.seeds))}\n\n"
          "| model | by eighth of the context | ends | middle | gap | ends - middle | 90 % interval |\n"
          "|---|---|---:|---:|---:|---:|---:|")
    for name in MODELS:
        rows = [measures(curve[name]) for curve in curves]
        means = " ".join(f"{statistics.mean(values):.0f}" for values in zip(*(curve[name] for curve in curves)))
        cells = [cell([row[key] for row in rows]) for key in ("ends", "middle", "gap", "ends - middle")]
        print(f"| {name} | {means} | " + " | ".join(cells) + f" | {interval([row['ends - middle'] for row in rows])} |")
    for name in MODELS[1:]:
        changes = [measures(curve[name])["ends"] - measures(curve["base"])["ends"] for curve in curves]
        print(f"\nEnds of {name} minus ends of base: {statistics.mean(changes):+.1f}, 90 % interval {interval(changes)}")


if __name__ == "__main__":
    main()
