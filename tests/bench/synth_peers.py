#!/usr/bin/env python3
"""`film synth` as a whole against a lower bound for its peers: the tokenizing stage of datatrove alone, on the same text.

    python3 -m venv PEERS && PEERS/bin/pip install datatrove==0.10.1 tokenizers==0.23.3 orjson
    PEERS/bin/python tests/bench/synth_peers.py BUILD/film [--megabytes 200]

film reads the rows, leaves out copies, cuts segments, tokenizes, writes a store and draws 1,000 contexts of 4K to 32K tokens;
datatrove reads the same rows and writes their tokens: no segments, no contexts. The text is paragraphs of the demo corpus in random
order, in as many JSONL files as there are workers (FILM_CORPUS, FILM_TOKENIZER, FILM_TEST_PYTHON: . env.sh of scripts/setup.sh).
Both may use two cores (datatrove's tokenizer has threads of its own), in turns, two rounds; the least CPU seconds and the
least time count. Below: what the machine takes to read,
unpack and hash the same bytes."""
import argparse
import gzip
import hashlib
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import synth_memory

WORKERS = 2
MAKE_TOKENIZER = """
import sys
from transformers import LlamaTokenizerFast
LlamaTokenizerFast(vocab_file=sys.argv[1], legacy=True).backend_tokenizer.save(sys.argv[2])
"""
DATATROVE = """
import sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.tokens import DocumentTokenizer
if __name__ == "__main__":
    corpus, tokenizer, out = sys.argv[1:4]
    LocalPipelineExecutor([JsonlReader(corpus), DocumentTokenizer(out + "/tokens", local_working_dir=out + "/scratch",
                           tokenizer_name_or_path=tokenizer, eos_token=None, shuffle_documents=False)],
                          tasks=2, workers=1, logging_dir=out + "/logs").run()
"""


def measured(command):
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    run = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.time() - begin


def floors(path):
    """CPU seconds to read, unpack and hash the bytes of a file."""
    content = path.read_bytes()
    packed = gzip.compress(content, 6)

    def seconds(work):
        begin = time.process_time()
        work()
        return time.process_time() - begin

    return {"read": seconds(path.read_bytes), "gunzip": seconds(lambda: gzip.decompress(packed)),
            "SHA-256": seconds(lambda: hashlib.sha256(content).digest())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film", type=pathlib.Path)
    parser.add_argument("--megabytes", type=float, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        corpus, tokenizer = folder / "corpus", folder / "tokenizer.json"
        corpus.mkdir()
        parts = synth_memory.paragraphs()
        for worker in range(WORKERS):
            synth_memory.write(corpus / f"{worker}.jsonl", given.megabytes / WORKERS, parts, seed=worker)
        subprocess.run([os.environ["FILM_TEST_PYTHON"], "-c", MAKE_TOKENIZER, os.environ["FILM_TOKENIZER"], tokenizer], check=True,
                       capture_output=True)
        script = folder / "peer.py"
        script.write_text(DATATROVE)
        best = {}
        for turn in range(2):
            runs = {"film synth": [given.film, "-q", "synth", corpus, "--out", folder / f"film{turn}", "--threads", WORKERS, "--set",
                                   "contexts.train=1000", "--set", "contexts.validation=10", "--set", "contexts.test=10"],
                    "datatrove, tokens only": [sys.executable, script, corpus, tokenizer, folder / f"peer{turn}"]}
            for who, command in runs.items():
                cpu, wall = measured(command)
                best[who] = tuple(map(min, best.get(who, (cpu, wall)), (cpu, wall)))
        size = sum(path.stat().st_size for path in corpus.iterdir()) / 1e6
        for who, (cpu, wall) in best.items():
            print(f"{who:24} {cpu:8.2f} CPU s  {wall:8.2f} s  {size / cpu:7.2f} MB a CPU second")
        (film_cpu, film_wall), (peer_cpu, peer_wall) = best.values()
        print(f"film: {peer_cpu / film_cpu:.1f} times by CPU, {peer_wall / film_wall:.1f} times by the clock")
        for what, seconds in floors(corpus / "0.jsonl").items():
            print(f"{what:24} {WORKERS * seconds:8.2f} CPU s, {100 * WORKERS * seconds / film_cpu:.0f} % of film's")


main()
