#!/usr/bin/env python3
"""film against a server that others wrote: llama-cpp-python's, with a tiny random model made on the spot.

  . ~/.cache/film/env.sh && python3 tests/bench/real_server.py [--film FILE] [--contexts 200] [--folder FOLDER]

Builds the server in ~/.cache/film/bench once (8 minutes on one core), then prints a Markdown list. A grammar makes the
model write JSON with a question and an answer, both nonsense: some pass the loosened filters, the rest is rejected with
its reason. Exits 1 when a request is lost or doubled.
"""
import argparse
import collections
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

BENCH = pathlib.Path(__file__).resolve().parent
PROJECT = BENCH.parents[1]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "film/bench/llama-cpp-python"
CONTEXT = 1024  # of the server, in tokens: some prompts are longer, which it refuses
IN_FLIGHT = 4
KILLS = 3
SCHEMA = {"type": "object", "required": ["question", "answer"],
          "properties": {"question": {"type": "string", "minLength": 20, "maxLength": 90},
                         "answer": {"type": "string", "minLength": 1, "maxLength": 40}}}


def environment():
    """Python with the server's packages; made anew when the list of packages has changed."""
    python, wanted = CACHE / "bin/python", (BENCH / "real_server.txt").read_bytes()
    made = CACHE / "real_server.txt"
    if not made.exists() or made.read_bytes() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", CACHE], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", BENCH / "real_server.txt"], check=True)
        made.write_bytes(wanted)
    return python


def serve(python, folder):
    """The running server and its address."""
    model = folder / "tiny.gguf"
    subprocess.run([python, BENCH / "tiny_gguf.py", os.environ["FILM_TOKENIZER"], model], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = open(folder / "server.log", "w", encoding="utf-8")
    command = [python, "-m", "llama_cpp.server", "--model", model, "--host", "127.0.0.1", "--port", str(port),
               "--n_ctx", str(CONTEXT), "--n_threads", "1"]
    server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}/v1"
    for _ in range(120):
        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url + "/models").read()
            return server, url
        except OSError:
            time.sleep(0.5)
    server.kill()
    raise SystemExit(f"the server does not start: {folder}/server.log")


def command_of(options, verb, *arguments, **settings):
    chosen = [word for key, value in settings.items() for word in ("--set", f"{key.replace('__', '.')}={value}")]
    return [options.film, "--quiet", verb, *arguments, *chosen]


def film(*arguments, **settings):
    command = command_of(*arguments, **settings)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"film {command[2]} failed with exit code {done.returncode}:\n{done.stderr}")


def lines(path):
    return path.read_bytes().splitlines() if path.exists() else []


def endpoint(url, **more):
    return {"base_url": url, "model": "tiny-random", "api_key_variable": "", "max_in_flight": IN_FLIGHT, **more}


def synth(options):
    film(options, "synth", "--out", options.folder / "data", inputs=f"{os.environ['FILM_CORPUS']}/docs",
         tokenizer=os.environ["FILM_TOKENIZER"], split__train=0.8, split__test=0.15, contexts__validation=0,
         contexts__train=options.contexts, contexts__test=20, contexts__kinds__integration=0.3,
         contexts__target__min=512, contexts__target__max=2048, contexts__document_max=1500)


def ask(options, url):
    """film qa, killed and resumed: the journal's records."""
    schema = {"response_format": {"type": "json_object", "schema": SCHEMA}}
    filters = {"min_question_words": 1, "min_answer_overlap": 0}
    settings = {"generator": "endpoint", "per_context": 1,
                "endpoint": endpoint(url, max_tokens=120, extra_body=schema, filters=filters)}
    (options.folder / "qa.json").write_text(json.dumps(settings), encoding="utf-8")
    arguments = (options, "qa", options.folder / "data", "--config", options.folder / "qa.json")
    journal = options.folder / "data/questions/journal.jsonl"
    for part in range(KILLS):
        run = subprocess.Popen(command_of(*arguments), stderr=subprocess.DEVNULL)
        while len(lines(journal)) < (part + 1) * options.contexts // (KILLS + 1) and run.poll() is None:
            time.sleep(0.02)
        run.kill()
        run.wait()
    film(*arguments)
    return [json.loads(line) for line in lines(journal)]


def report_questions(options, journal):
    questions = options.folder / "data/questions"
    manifest = json.loads((questions / "manifest.json").read_text(encoding="utf-8"))
    rejected = collections.Counter(json.loads(line)["reason"] for line in lines(questions / "rejected.jsonl"))
    kept = manifest["questions"]["count"]
    contexts = sum(group["asked"] for group in manifest["groups"].values())
    print(f"- `film qa`, {contexts} contexts, killed {KILLS} times and resumed: {len(journal)} answers in the journal, "
          f"each once; {kept} questions accepted, {sum(rejected.values())} rejected "
          f"({', '.join(f'`{reason}` {count}' for reason, count in rejected.most_common())}).")
    keys = {record["key"] for record in journal}
    if len(keys) != len(journal) or kept + sum(rejected.values()) != contexts:
        raise SystemExit("a question is lost or doubled")


def served(options):
    """What became of the requests, as the server's own log says."""
    log = (options.folder / "server.log").read_text(encoding="utf-8").splitlines()
    asked = [line for line in log if '"POST /v1/chat/completions' in line]
    return collections.Counter(line.rsplit('"', 1)[1].split()[0] for line in asked)


def probe(options, url):
    items = 48
    before = served(options)
    address = {f"endpoint__{key}": value for key, value in endpoint(url).items()}
    film(options, "eval", "--out", options.folder / "report", tokenizer=os.environ["FILM_TOKENIZER"],
         tasks='["document"]', document__source=f"{os.environ['FILM_CORPUS']}/docs", document__context_tokens=600,
         document__items=items, document__contexts=12, document__max_new_tokens=24, **address)
    files = (options.folder / "report/predictions").rglob("*.jsonl")
    predictions = [json.loads(line) for path in files for line in lines(path)]
    print(f"- `film eval`: {len(predictions)} predictions for {items} questions, "
          f"{sum((served(options) - before).values())} requests, the report is written.")
    if len(predictions) != items or not (options.folder / "report/report.html").exists():
        raise SystemExit("a prediction is lost")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--film", default=str(PROJECT / "build/release/film"))
    parser.add_argument("--contexts", type=int, default=200)
    parser.add_argument("--folder", type=pathlib.Path, help="kept; default: a temporary one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="film-real-server-") as temporary:
        options.folder = options.folder or pathlib.Path(temporary)
        options.folder.mkdir(parents=True, exist_ok=True)
        python = environment()
        synth(options)
        server, url = serve(python, options.folder)
        try:
            journal = ask(options, url)
            report_questions(options, journal)
            counts = ", ".join(f"{count} times {status}" for status, count in served(options).items())
            print(f"- The server's log: {counts}")
            probe(options, url)
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    main()
