#!/usr/bin/env python3
"""`film qa` over an endpoint, and over a full journal, beside other clients: CPU milliseconds a request.

    g++ -O2 -std=c++20 -o SERVER tests/bench/chat_server.cpp          (or the target film_bench_server)
    python3 -m venv PEERS && PEERS/bin/pip install aiohttp==3.14.5 uvloop==0.23.0 openai==3.57.0 litellm==1.110.2
    PEERS/bin/python tests/bench/asking.py SERVER BUILD/film [BUILD2/film ...] [--questions N] [--rounds N] [--peers]

The server (chat_server.cpp) answers at once and takes less CPU than any client. Every film asks about the same contexts of
four segments each, cut from the demo corpus (FILM_CORPUS, FILM_TOKENIZER: . env.sh of scripts/setup.sh). "new" asks
everything; "resumed" deletes the finished files and runs over the full journal, sending nothing. Peers send the same number
of prompts of the same size, 64 at once, and do nothing with the answers. CPU is the client's alone; the server's stands
beside it. Films take turns, round by round; the medians are printed."""
import argparse
import asyncio
import json
import os
import pathlib
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Server:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().split()[1]}/v1"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        _, requests, _, micro = self.process.stdout.readline().split()
        self.process.wait()
        self.requests, self.cpu = int(requests), int(micro) / 1e6


def run(command):
    """CPU seconds, wall seconds, MiB."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, (command, status)
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - begin, usage.ru_maxrss / 1024


def corpus(path, megabytes):
    texts = sorted(pathlib.Path(os.environ["FILM_CORPUS"]).rglob("*.txt"))
    parts = [p for t in texts for p in t.read_text(encoding="utf-8", errors="replace").split("\n\n") if p.strip()]
    generator, size = random.Random(1), 0
    with open(path, "w", encoding="utf-8") as out:
        while size < megabytes * 1_000_000:
            size += out.write(json.dumps({"text": "\n\n".join(generator.sample(parts, 12))}) + "\n")


def synth(film, folder, questions):
    corpus(folder / "corpus.jsonl", max(2, questions / 500))
    run([film, "-q", "synth", folder / "corpus.jsonl", "--out", folder / "data", "--set", f"contexts.train={questions}",
         "--set", "contexts.validation=1", "--set", "contexts.test=1", "--set", "contexts.segments=4",
         "--set", 'contexts.kinds={"fine_grained":1,"integration":0,"short":0}'])
    return folder / "data"


def ask(film, data, out, url):
    return run([film, "-q", "qa", data, "--out", out, "--set", "generator=endpoint", "--set", f"endpoint.base_url={url}",
                "--set", "endpoint.model=bench", "--set", "endpoint.api_key_variable="])


def film_rows(options, folder):
    data = synth(options.films[-1], folder, options.questions)
    measured = {}
    for number in range(options.rounds):
        for film in options.films:
            out = folder / f"out{number}"
            with Server(options.server) as server:
                new = ask(film, data, out, server.url)
            lines = sum(1 for _ in open(out / "journal.jsonl", encoding="utf-8"))
            assert lines == server.requests, (lines, server.requests)
            first = (out / "examples.jsonl").read_bytes()
            for name in ("examples.jsonl", "rejected.jsonl", "manifest.json"):
                (out / name).unlink()
            with Server(options.server) as idle:
                again = ask(film, data, out, idle.url)
            assert idle.requests == 0 and (out / "examples.jsonl").read_bytes() == first
            shutil.rmtree(out)
            measured.setdefault(film, []).append((new, server.requests, server.cpu, again))
    for film, rounds in measured.items():
        sent = rounds[0][1]
        middle = lambda pick: statistics.median(map(pick, rounds))
        yield (f"{film}, new", sent, middle(lambda r: r[0][0] / sent), middle(lambda r: sent / r[0][1]),
               middle(lambda r: r[2] / sent), middle(lambda r: r[0][2]))
        yield (f"{film}, resumed", options.questions, middle(lambda r: r[3][0] / options.questions),
               middle(lambda r: options.questions / r[3][1]), 0, middle(lambda r: r[3][2]))


PROMPT = "Write one question about the text below, and its answer. " * 36


async def in_parallel(count, at_once, one):
    numbers = iter(range(count))

    async def worker():
        for number in numbers:
            await one(number)

    await asyncio.gather(*(worker() for _ in range(at_once)))


async def with_aiohttp(url, count):
    import aiohttp

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:

        async def one(number):
            body = {"model": "bench", "messages": [{"role": "user", "content": f"{number} {PROMPT}"}], "max_tokens": 1024}
            async with session.post(url + "/chat/completions", json=body) as reply:
                assert (await reply.json())["choices"]

        await in_parallel(count, 64, one)


async def with_openai(url, count):
    import openai

    client = openai.AsyncOpenAI(base_url=url, api_key="none")

    async def one(number):
        reply = await client.chat.completions.create(
            model="bench", messages=[{"role": "user", "content": f"{number} {PROMPT}"}], max_tokens=1024)
        assert reply.choices

    await in_parallel(count, 64, one)


async def with_litellm(url, count):
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it asks the network for one
    import litellm

    async def one(number):
        reply = await litellm.acompletion(model="openai/bench", api_base=url, api_key="none", max_tokens=1024,
                                          messages=[{"role": "user", "content": f"{number} {PROMPT}"}])
        assert reply.choices

    await in_parallel(count, 64, one)


PEERS = {"aiohttp + uvloop": (with_aiohttp, 20000), "openai": (with_openai, 2000), "litellm": (with_litellm, 1000)}


def peer_row(options, name, count):
    """In a process of its own. What it takes to start is left out: two runs of different length are subtracted."""
    runs = []
    for number in (count // 10, count):
        with Server(options.server) as server:
            command = [sys.executable, __file__, options.server, "--peer", name, "--url", server.url, "--questions", str(number)]
            runs.append((number, *run(command)))
        assert server.requests == number
    (few, cpu_few, wall_few, _), (many, cpu_many, wall_many, peak) = runs
    sent = many - few
    return name, sent, (cpu_many - cpu_few) / sent, sent / (wall_many - wall_few), server.cpu / many, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("films", nargs="*")
    parser.add_argument("--questions", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        import uvloop

        return uvloop.run(PEERS[options.peer][0](options.url, options.questions))
    print("| client | requests or rows | CPU ms each | a second | server's CPU ms | peak MiB |")
    print("|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        rows = list(film_rows(options, pathlib.Path(folder))) if options.films else []
    rows += [peer_row(options, name, count) for name, (_, count) in PEERS.items()] if options.peers else []
    for name, sent, cpu, rate, server, peak in rows:
        print(f"| {name} | {sent:,} | {1000 * cpu:.3f} | {rate:,.0f} | {1000 * server:.3f} | {peak:.0f} |", flush=True)


main()
