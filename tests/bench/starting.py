#!/usr/bin/env python3
"""What commands take before their work begins, in CPU seconds: film doctor, and film eval of four questions on DATA with many
contexts.

  . env.sh of scripts/setup.sh; tests/bench/starting.py MODEL OLD/film [NEW/film ...] [--contexts N] [--rounds N]

MODEL is a Hugging Face folder, small enough not to count: the quickstart's base. Each film makes its own DATA from the demo
corpus (FILM_CORPUS, FILM_TOKENIZER). Programs take turns, round by round; the medians are printed as Markdown.
"""
import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile


def cpu_seconds(command, folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(f"{command} failed with {done.returncode}:\n{done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def settings(*pairs):
    return [word for pair in pairs for word in ("--set", pair)]


def make_data(film, folder, contexts):
    folder.mkdir()
    subprocess.run([film, "-q", "synth", *settings(
        f"inputs={os.environ['FILM_CORPUS']}/docs", f"tokenizer={os.environ['FILM_TOKENIZER']}", "split.train=0.1",
        "split.validation=0", "split.test=0.9", "contexts.train=0", "contexts.validation=0", f"contexts.test={contexts}",
        "contexts.kinds.integration=0", "contexts.kinds.short=0", "contexts.target.min=1024", "contexts.target.max=4096"),
        "--out", "data"], cwd=folder, check=True, capture_output=True)
    subprocess.run([film, "-q", "qa", "data"], cwd=folder, check=True, capture_output=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("film", nargs="+", type=pathlib.Path)
    parser.add_argument("--contexts", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    doctor, evaluation = {}, {}
    with tempfile.TemporaryDirectory(prefix="film-starting-") as temp:
        folders = {film: pathlib.Path(temp) / str(i) for i, film in enumerate(options.film)}
        for film, folder in folders.items():
            make_data(film.resolve(), folder, options.contexts)
        for number in range(options.rounds):
            for film, folder in folders.items():
                program = str(film.resolve())
                doctor.setdefault(film, []).append(cpu_seconds([program, "doctor"], folder))
                evaluation.setdefault(film, []).append(cpu_seconds(
                    [program, "-q", "eval", *settings(f"model={options.model.resolve()}", 'data=["data"]', 'tasks=["in2"]',
                                                      "prompt=plain", "in2.max_new_tokens=2"), "--limit", "4",
                     "--out", f"eval{number}"], folder))
    print(f"| program | film doctor, CPU s | film eval, 4 questions of {options.contexts:,} contexts, CPU s |\n|---|---:|---:|")
    for film in folders:
        print(f"| {film} | {statistics.median(doctor[film]):.2f} | {statistics.median(evaluation[film]):.2f} |")


if __name__ == "__main__":
    main()
