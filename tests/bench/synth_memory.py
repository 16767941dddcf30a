#!/usr/bin/env python3
"""Memory and time of `film synth` by the size of one plain JSONL file.

    tests/bench/synth_memory.py BUILD/film [MB ...]          default: 50 100 200 400

Rows are paragraphs of the demo corpus in random order (FILM_CORPUS, FILM_TOKENIZER: . env.sh of scripts/setup.sh). One
line a size: peak of resident memory, which counts mapped pages of the file, and CPU seconds."""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile


def paragraphs():
    texts = sorted(pathlib.Path(os.environ["FILM_CORPUS"]).rglob("*.txt"))
    return [part for text in texts for part in text.read_text(encoding="utf-8", errors="replace").split("\n\n") if part.strip()]


def write(path, megabytes, parts, seed=1):
    generator, size = random.Random(seed), 0
    with open(path, "w", encoding="utf-8") as out:
        while size < megabytes * 1_000_000:
            size += out.write(json.dumps({"text": "\n\n".join(generator.sample(parts, 12))}) + "\n")


def run(film, corpus, out):
    process = subprocess.Popen([film, "-q", "synth", corpus, "--out", out, "--set", "contexts.train=100",
                                "--set", "contexts.validation=5", "--set", "contexts.test=5"], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, status
    return usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def main():
    film, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]] or [50, 100, 200, 400]
    parts = paragraphs()
    with tempfile.TemporaryDirectory() as folder:
        for megabytes in sizes:
            corpus = os.path.join(folder, f"{megabytes}.jsonl")
            write(corpus, megabytes, parts)
            peak, seconds = run(film, corpus, os.path.join(folder, f"data{megabytes}"))
            print(f"{megabytes:5} MB   {peak:6.0f} MiB   {seconds:6.1f} CPU s   {megabytes / seconds:5.1f} MB a CPU second", flush=True)
            os.remove(corpus)


if __name__ == "__main__":
    main()
