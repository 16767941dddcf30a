#!/usr/bin/env python3
"""`film synth` at the size of the paper: a corpus of some gigabytes, and 1.55 M contexts of 4K to 32K tokens drawn from it.

    tests/bench/synth_scale.py BUILD/film [--gigabytes 10] [--contexts 1550000] [--threads 1] [--folder /tmp/scale]

The corpus is one JSONL file of paragraphs of the demo corpus in random order (FILM_CORPUS, FILM_TOKENIZER: . env.sh of
scripts/setup.sh); the settings are configs/synth.json. Says for both stages, the store and the contexts, the seconds, CPU
seconds and peak memory (anonymous: what the program asked for; all: with pages of mapped files), and bytes on disk. The
folder needs about twice the corpus on disk and is deleted at the end."""
import argparse
import os
import pathlib
import shutil
import subprocess
import time

import synth_memory

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Stage:
    def __init__(self):
        self.begin, self.cpu_begin, self.seconds, self.cpu, self.anonymous, self.resident = time.time(), 0.0, 0.0, 0.0, 0, 0

    def take(self, pid):
        status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
        if "RssAnon" not in status:  # it has ended
            return
        self.anonymous = max(self.anonymous, int(status["RssAnon"].split()[0]))
        self.resident = max(self.resident, int(status["VmRSS"].split()[0]))
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        self.cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") - self.cpu_begin
        self.seconds = time.time() - self.begin


def watch(process, data):
    """The stages store and contexts: the second begins with the first file of contexts."""
    stages = [Stage()]
    while process.poll() is None:
        if len(stages) == 1 and (data / "contexts").exists():
            stages.append(Stage())
            stages[1].cpu_begin = stages[0].cpu
        try:
            stages[-1].take(process.pid)
        except (FileNotFoundError, ProcessLookupError):
            break
        time.sleep(0.1)
    return stages


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film")
    parser.add_argument("--gigabytes", type=float, default=10)
    parser.add_argument("--contexts", type=int, default=1_550_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("/tmp/film-scale"))
    parser.add_argument("--corpus", type=pathlib.Path, help="a corpus that is there already")
    parser.add_argument("--set", action="append", default=[], help="further settings of film synth")
    given = parser.parse_args()
    given.folder.mkdir(parents=True)
    try:
        corpus, data = given.corpus or given.folder / "corpus.jsonl", given.folder / "data"
        if not given.corpus:
            synth_memory.write(corpus, given.gigabytes * 1000, synth_memory.paragraphs())
        print(f"corpus {corpus.stat().st_size / 1e9:.2f} GB", flush=True)
        command = [given.film, "-q", "synth", corpus, "--config", ROOT / "configs" / "synth.json", "--out", data,
                   "--threads", str(given.threads), "--set", f"contexts.train={given.contexts}"]
        for setting in given.set:
            command += ["--set", setting]
        process = subprocess.Popen(command)
        for name, stage in zip(("store", "contexts"), watch(process, data)):
            print(f"{name:9} {stage.seconds:7.1f} s  {stage.cpu:7.1f} CPU s   peak {stage.anonymous / 1024:6.0f} MiB anonymous, "
                  f"{stage.resident / 1024:6.0f} MiB resident", flush=True)
        assert process.wait() == 0, process.returncode
        for part in ("segments", "documents", "contexts"):
            print(f"{part:9} {size_of(data / part) / 1e9:7.2f} GB on disk", flush=True)
    finally:
        shutil.rmtree(given.folder)


main()
