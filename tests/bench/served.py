#!/usr/bin/env python3
"""film's answers through servers that others wrote, against film's own on the same weights.

  . ~/.cache/film/env.sh && $FILM_TEST_PYTHON tests/bench/served.py [--film FILE] [--server transformers] [--questions N] [--folder FOLDER]

A tiny random Mistral with the real vocabulary is served by `transformers serve` (which streams whatever it is asked) or by
llama-cpp-python's server (route completions, chat, and choices by echoed log-probabilities; built as real_server.py
builds it). Greedy answers must be equal character by character, log-likelihoods within rounding. Prints a Markdown table;
exits 1 where an answer differs. Packages of `transformers serve` are installed once, into ~/.cache/film/bench/serving.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

BENCH = pathlib.Path(__file__).resolve().parent
PROJECT = BENCH.parents[1]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "film/bench"
SHAPE = dict(vocab_size=32000, hidden_size=128, intermediate_size=256, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, head_dim=32, max_position_embeddings=4096, sliding_window=None, rope_theta=1e6)
SERVING = ["fastapi==0.165.0", "uvicorn==0.54.0", "openai==3.57.0"]  # with what they need
ALONE = ["accelerate==1.15.0", "psutil==7.2.2"]  # beside the torch of the tests
TEMPLATE = "{{ bos_token }}{% for message in messages %}{{ message['content'] }}{% endfor %}"  # the prompt is all there is
NEW_TOKENS = 24
LARGEST = 5e-3  # difference of two sums of log-probabilities
WORDS = ("the ferry comes back before lamps are lit Straße naïve 船 が 島 に def return (x) 3.14 -> café \n\n [INST] "
         "harbour stone Ελλάδα 😀 price: $5 100% tab\there end.").split(" ")


def make_model(folder):
    import torch
    from transformers import MistralConfig, MistralForCausalLM
    torch.manual_seed(11)
    model = MistralForCausalLM(MistralConfig(**SHAPE)).float().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(4)  # so that the likeliest token is so by more than rounding
    model.save_pretrained(folder)
    shutil.copy(os.environ["FILM_TOKENIZER"], folder / "tokenizer.model")
    (folder / "tokenizer_config.json").write_text(json.dumps(
        {"tokenizer_class": "LlamaTokenizer", "legacy": True, "add_bos_token": True, "add_eos_token": False,
         "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "chat_template": TEMPLATE}))


def write_task(folder, questions):
    draw = random.Random(3)
    rows = [{"question": "Q: " + " ".join(draw.choice(WORDS) for _ in range(draw.randint(3, 120))) + "\nA:",
             "answers": "x", "choices": [" yes", " no", " the stone harbour", " 船"]} for _ in range(questions)]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    written = {"file": "rows.jsonl", "prompt": "{question}", "wrap": "none", "metric": "F1", "max_new_tokens": NEW_TOKENS}
    rated = {**written, "mode": "choose", "metric": "accuracy", "columns": {"choices": ["choices"]}, "answer_lead": ""}
    rows_rated = [{**row, "answers": row["choices"][0]} for row in rows]
    (folder / "rated.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows_rated), encoding="utf-8")
    (folder / "written.json").write_text(json.dumps(written))
    (folder / "rated.json").write_text(json.dumps({**rated, "file": "rated.jsonl"}))


def evaluate(options, folder, name, task, *arguments):
    """The rows of predictions, and the seconds it took."""
    begin = time.monotonic()
    command = [options.film, "-q", "eval", *arguments, "--task", task, "--set", f"task_folders={folder}", "--out",
               folder / name, "--set", "unscored_limit=1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"film eval {name} ends with {done.returncode}:\n{done.stderr}")
    file = next((folder / name / "predictions").iterdir())
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()], time.monotonic() - begin


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start(command, port, folder, environment):
    """The running server, once it answers."""
    log = open(folder / "server.log", "w", encoding="utf-8")
    server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(240):
        try:
            direct.open(f"http://127.0.0.1:{port}/v1/models", timeout=5).read()
            return server
        except OSError:
            time.sleep(0.5)
    server.kill()
    raise SystemExit(f"the server does not start: {folder}/server.log")


def serve_transformers(folder, model):
    packages, wanted = CACHE / "serving", "\n".join(SERVING + ALONE)
    made = packages / "made.txt"
    if not made.exists() or made.read_text() != wanted:
        for names in (SERVING, ["--no-deps", *ALONE]):
            subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", packages, *names], check=True)
        made.write_text(wanted)
    port = free_port()
    path = os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(packages)])
    command = [sys.executable, "-m", "transformers.commands.transformers_cli", "serve", "--host", "127.0.0.1", "--port",
               str(port), "--torch_dtype", "float32", "--device", "cpu"]
    return start(command, port, folder, {**os.environ, "PYTHONPATH": path}), port, str(model)


def serve_llama(folder, model):
    python = CACHE / "llama-cpp-python/bin/python"
    if not python.exists():
        raise SystemExit("build the server first: tests/bench/real_server.py")
    subprocess.run([python, BENCH / "mistral_gguf.py", model, folder / "model.gguf"], check=True)
    port = free_port()
    command = [python, "-m", "llama_cpp.server", "--model", folder / "model.gguf", "--host", "127.0.0.1", "--port",
               str(port), "--n_ctx", "4096", "--n_threads", "1", "--logits_all", "true", "--type_k", "0", "--type_v", "0"]
    return start(command, port, folder, dict(os.environ)), port, "model"


# Server, task, route; for each what is compared.
PLANS = {"transformers": (serve_transformers, [("written", "chat")]),
         "llama": (serve_llama, [("written", "completions"), ("written", "chat"), ("rated", "completions")])}


def same(ours, theirs):
    """llama-cpp-python leaves out a byte that is no character, and writes one token more for it."""
    return ours == theirs or ("\ufffd" in ours and theirs.startswith(ours.replace("\ufffd", "")))


def compare(task, ours, theirs):
    """How many are equal, and the largest difference of a log-likelihood."""
    if task == "written":
        return sum(same(a["output"], b["output"]) for a, b in zip(ours, theirs)), 0.0
    gaps = [max(abs(x - y) for x, y in zip(a["log_likelihoods"], b["log_likelihoods"])) for a, b in zip(ours, theirs)]
    return sum(gap <= LARGEST for gap in gaps), max(gaps)


def check(options, folder, kind):
    serve, plans = PLANS[kind]
    model = folder / "model"
    server, port, name = serve(folder, model)
    failed = False
    try:
        for task, route in plans:
            ours, own_time = evaluate(options, folder, f"{kind}-{task}-{route}-own", task, str(model))
            theirs, time_there = evaluate(options, folder, f"{kind}-{task}-{route}", task, "--endpoint",
                                          f"http://127.0.0.1:{port}/v1", "--model", name, "--tokenizer",
                                          str(model / "tokenizer.model"), "--set", f"endpoint.route={route}",
                                          "--set", "endpoint.max_in_flight=2")
            equal, gap = compare(task, ours, theirs)
            failed = failed or equal < len(ours)
            print(f"| {kind} | {route} | {task} | {equal} of {len(ours)} | {gap:.1e} | {own_time:.1f} | {time_there:.1f} |")
            for a, b in zip(ours, theirs):
                if task == "written" and not same(a["output"], b["output"]):
                    print(f"  ours {a['output']!r}\n  theirs {b['output']!r} {b.get('state')} {b.get('detail')}")
                    break
    finally:
        server.terminate()
        server.wait()
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--film", default=PROJECT / "build/release/film", type=pathlib.Path)
    parser.add_argument("--server", choices=PLANS, action="append")
    parser.add_argument("--questions", type=int, default=40, help="llama-cpp-python takes 15 s for the echoes of one")
    parser.add_argument("--folder", type=pathlib.Path, help="kept; default: a temporary one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or pathlib.Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        make_model(folder / "model")
        write_task(folder, options.questions)
        print("| server | route | answers | equal | largest difference | film itself, s | over the server, s |")
        print("|---|---|---|---:|---:|---:|---:|")
        failed = [kind for kind in options.server or PLANS if check(options, folder, kind)]
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
