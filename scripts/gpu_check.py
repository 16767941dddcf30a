#!/usr/bin/env python3
"""Measurements of a 7B-shaped model on a GPU, for scripts/gpu_check.sh: each under nine minutes.

  gpu_check.py train|probe|soak --bin FOLDER --out FOLDER [--small] [--limit SECONDS]

train: steps from random weights, no checkpoint: 8K, 16K and 32K tokens, every place of the optimizer's state; transformers
       beside it where its package is.
probe: reading a 32K context and answering 800 questions on it; transformers beside it where its package is.
soak:  a small model trained, stopped by SIGTERM and resumed, over and over.
Writes OUT/MODE.json, and OUT/MODE.md as a table for docs/results.md. --small: the same on a CPU with a tiny model, to test
this script. What the time does not reach is listed as not run. Exit code 1 when something failed.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

GIB = 2**30
SHAPE = {"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
         "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "max_position_embeddings": 65536}
SMALL = {"vocab_size": 512, "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 3,
         "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 4096}
# Dense bf16 peaks of data sheets in TFLOP/s, by a part of the GPU's name: for MFU alone.
PEAKS = [("H100 NVL", 835), ("H100", 989), ("H200", 989), ("GH200", 989), ("A100", 312), ("B200", 2250), ("L40S", 362),
         ("4090", 165), ("A6000", 155), ("3090", 71), ("L4", 121)]


class Clock:
    """What is left of the time that this call may take."""

    def __init__(self, limit):
        self.end = time.monotonic() + limit

    def left(self):
        return max(0, self.end - time.monotonic())


def gpu_name():
    try:
        return subprocess.run(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"], capture_output=True, text=True,
                              check=True, timeout=30).stdout.strip().splitlines()[0]
    except (OSError, subprocess.SubprocessError, IndexError):
        return ""


def peak_of(name):
    return next((1e12 * peak for part, peak in PEAKS if part in name), 0)


def run_job(program, job, out, name, clock):
    """The program's line of JSON, or {"state": why there is none}."""
    if clock.left() < 20:
        return {"state": "not run: out of time"}
    path = out / f"{name}.job.json"
    path.write_text(json.dumps(job))
    log = out / f"{name}.log"
    try:
        done = subprocess.run([str(program), str(path)], capture_output=True, text=True, timeout=clock.left(), check=False)
    except subprocess.TimeoutExpired:
        return {"state": "not run: out of time"}
    log.write_text(done.stderr)
    if done.returncode != 0:
        lines = (done.stderr.strip() or "no message").splitlines()
        what = next((line for line in lines if line.startswith("error:")), lines[-1])
        return {"state": f"failed: {what[:200]}"}
    return {"state": "passed", **json.loads(done.stdout)}


PEERS = pathlib.Path(__file__).resolve().with_name("gpu_peers.py")


def peer_of(mode, job, out, name, clock):
    """transformers on the same job, where its package is: {"state": "passed", ...} or why not. In the environment of the user,
    not in that of film's bundle."""
    environment = {**os.environ, "LD_LIBRARY_PATH": os.environ.get("FILM_GIVEN_LIBRARY_PATH", "")}
    if clock.left() < 40:
        return {"state": "not run: out of time"}
    there = subprocess.run([sys.executable, "-c", "import transformers"], capture_output=True, text=True, env=environment,
                           check=False)
    if there.returncode != 0:
        return {"state": "not run: " + (there.stderr.strip() or "no transformers").splitlines()[-1][:200]}
    path = out / f"{name}.job.json"
    path.write_text(json.dumps(job))
    try:
        done = subprocess.run([sys.executable, str(PEERS), mode, str(path)], capture_output=True, text=True, check=False,
                              env=environment, timeout=clock.left())
    except subprocess.TimeoutExpired:
        return {"state": "not run: out of time"}
    if done.returncode != 0:
        (out / f"{name}.log").write_text(done.stderr)
        return {"state": "failed: " + (done.stderr.strip() or "no message").splitlines()[-1][:200]}
    return {"state": "passed", **json.loads(done.stdout.splitlines()[-1])}


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


# --- train ---------------------------------------------------------------------------------------------------------------


def train_cases(small):
    """(program, tokens, memory.offload), what matters most first: the time may be short."""
    lengths = (256, 512, 1024) if small else (8192, 16384, 32768)
    programs = ("film",) if small else ("film", "transformers")
    yield from ((program, tokens, "auto") for tokens in (lengths[-1], lengths[0], lengths[1]) for program in programs)
    yield from (("film", lengths[0], offload) for offload in ("none", "cpu", "disk"))


def train_job(small, tokens, offload):
    step = 2048 if small else 65536  # tokens
    return {"model": SMALL if small else SHAPE, "device": "cpu" if small else "cuda", "precision": "bfloat16",
            "memory": {"offload": offload}, "steps": 2, "threads": os.cpu_count(), "share": True, "rate": 1e-6,
            "pack_tokens": tokens, "init": "normal", "examples": {"count": max(2, step // tokens), "tokens": tokens}}


def train_case(options, clock, program, tokens, offload):
    job = train_job(options.small, tokens, offload)
    if program != "film":
        return peer_of("train", job, options.out, f"train-{program}-{tokens}", clock)
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if offload == "disk" and not options.small and free < 80e9:
        return {"state": f"does not fit: {free / GIB:.0f} GiB are free in {tempfile.gettempdir()}"}
    result = run_job(options.bin / "film_bench_training", job, options.out, f"train-{tokens}-{offload}", clock)
    # A plan that does not fit is refused before anything is allocated: that is right for a small GPU.
    if result["state"].startswith("failed: error: this run needs"):
        result["state"] = "does not fit" + result["state"][len("failed: error"):]
    return result


def train_row(result, peak):
    """The cells behind program, tokens and memory.offload."""
    if result["state"] != "passed":
        return [result["state"], "", "", "", "", ""]
    rate = result["tokens"] / min(result["seconds"][1:])  # the first step builds graphs and loads modules
    if result["program"] != "film":
        return ["all in bf16", f"{rate:,.0f}", "", "", f"{result['peak'] / GIB:.1f}", ""]
    off = result["peak"] / result["planned"] - 1
    result.update(tokens_per_second=rate, planned_error=off)
    mfu = f"{100 * result['flops'] * rate / result['tokens'] / peak:.1f} %" if peak else "-"
    return [result["offload"], f"{rate:,.0f}", mfu, f"{result['planned'] / GIB:.1f}", f"{result['peak'] / GIB:.1f}",
            f"{100 * off:+.1f} %"]


def train(options, clock):
    rows, results = [], []
    for program, tokens, offload in train_cases(options.small):
        result = {"program": program, "asked_tokens": tokens, "offload_asked": offload,
                  **train_case(options, clock, program, tokens, offload)}
        results.append(result)
        rows.append([program, tokens, offload, *train_row(result, peak_of(options.gpu))])
    head = ["program", "tokens", "memory.offload", "state", "tokens/s", "MFU, causal", "planned GiB", "peak GiB", "difference"]
    return results, table(head, rows)


# --- probe ---------------------------------------------------------------------------------------------------------------


def random_bf16(count):
    """Random numbers of +-0.008 to 0.016, as bytes: a block of them over and over is a model good enough to time."""
    low = os.urandom(count).translate(bytes(b & 0x7F for b in range(256)))
    high = os.urandom(count).translate(bytes(60 | (b & 0x80) for b in range(256)))
    block = bytearray(2 * count)
    block[0::2], block[1::2] = low, high
    return bytes(block)


def tensors_of(shape):
    D, F = shape["hidden_size"], shape["intermediate_size"]
    A, K = (shape[key] * shape["head_dim"] for key in ("num_attention_heads", "num_key_value_heads"))
    yield "model.embed_tokens.weight", [shape["vocab_size"], D]
    for layer in range(shape["num_hidden_layers"]):
        for name, size in (("self_attn.q_proj", [A, D]), ("self_attn.k_proj", [K, D]), ("self_attn.v_proj", [K, D]),
                           ("self_attn.o_proj", [D, A]), ("mlp.gate_proj", [F, D]), ("mlp.up_proj", [F, D]),
                           ("mlp.down_proj", [D, F]), ("input_layernorm", [D]), ("post_attention_layernorm", [D])):
            yield f"model.layers.{layer}.{name}.weight", size
    yield "model.norm.weight", [D]
    yield "lm_head.weight", [shape["vocab_size"], D]


def write_model(folder, shape):
    folder.mkdir(parents=True, exist_ok=True)
    config = {"model_type": "mistral", "architectures": ["MistralForCausalLM"], "dtype": "bfloat16", "hidden_act": "silu",
              "rms_norm_eps": 1e-5, "rope_theta": 1e6, "sliding_window": None, "tie_word_embeddings": False, **shape}
    (folder / "config.json").write_text(json.dumps(config))
    header, at = {}, 0
    for name, size in tensors_of(shape):
        bytes_of = 2 * size[0] * (size[1] if len(size) > 1 else 1)
        header[name] = {"dtype": "BF16", "shape": size, "data_offsets": [at, at + bytes_of]}
        at += bytes_of
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    block, ones = random_bf16(1 << 22), b"\x80\x3f" * shape["hidden_size"]
    with open(folder / "model.safetensors", "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name, info in header.items():
            left = info["data_offsets"][1] - info["data_offsets"][0]
            if len(info["shape"]) == 1:
                file.write(ones)
                continue
            while left > 0:
                file.write(block[:min(left, len(block))])
                left -= min(left, len(block))


def probe(options, clock):
    shape = SMALL if options.small else SHAPE
    tokens, count, new = (300, 12, 48) if options.small else (32768, 800, 32)
    folder = options.out / "random-model"
    write_model(folder, shape)
    vocabulary = shape["vocab_size"]
    ids = lambda length, seed: [3 + (seed * 7919 + i * 104729) % (vocabulary - 3) for i in range(length)]
    job = {"model_folder": str(folder), "device": "cpu" if options.small else "cuda", "precision": "bfloat16",
           "threads": os.cpu_count(), "before": ids(tokens, 2), "prefix": ids(tokens, 1),
           "questions": [ids(40, q) for q in range(count)], "new_tokens": new, "peer": 4}
    result = run_job(options.bin / "film_bench_generation", job, options.out, "probe", clock)
    rows, peer = [], {"state": "not run"}
    if result["state"] == "passed":
        result.pop("ids", None)
        wall, off = result["wall"], result["peak"] / result["planned"] - 1  # a GPU's work is no CPU time
        decode = wall["all"] - wall["first"]
        result.update(prefill_tokens_per_second=tokens / wall["prefix"], new_tokens_per_second=count * (new - 1) / decode,
                      planned_error=off)
        rows.append(["film", f"{wall['before']:.2f}", f"{wall['prefix']:.2f}", f"{tokens / wall['prefix']:,.0f}", count,
                     f"{wall['all']:.2f}", f"{count * (new - 1) / decode:,.0f}", f"{result['planned'] / GIB:.1f}",
                     f"{result['peak'] / GIB:.1f}", f"{100 * off:+.1f} %"])
        peer = peer_of("probe", job, options.out, "peer", clock)
    if peer["state"] == "passed":
        rows.append(["transformers", f"{peer['before']:.2f}", f"{peer['prefix']:.2f}", f"{tokens / peer['prefix']:,.0f}",
                     peer["questions"], f"{peer['prefix'] + peer['asked']:.2f}",
                     f"{peer['questions'] * new / peer['asked']:,.0f}", "", "", ""])
    (folder / "model.safetensors").unlink()
    head = ["program", f"{tokens} tokens read for the first time, s", "and others then, s", "tokens/s", "questions",
            f"all, {new} new tokens each, s", "new tokens/s", "planned GiB", "peak GiB", "difference"]
    return [{"program": "film", **result}, {"program": "transformers", **peer}], table(head, rows)


# --- soak ----------------------------------------------------------------------------------------------------------------


def steps_of(run):
    path = run / "metrics.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def soak_command(options):
    data = options.out / "DATA"
    sets = {"device": "cpu" if options.small else "cuda", "tokenizer": options.data / "tokenizer/small.model",
            "prompt": "plain", "model.vocab_size": 2048, "model.hidden_size": 256, "model.intermediate_size": 512,
            "model.num_hidden_layers": 4, "model.num_attention_heads": 4, "model.num_key_value_heads": 2,
            "model.head_dim": 64, "pack_tokens": 2048, "precision": "bfloat16", "save_every": 50,
            "stages": json.dumps([{"data": [str(data)], "batch": 8, "steps": 100000, "schedule": {"peak": 1e-4}}])}
    command = [options.bin / "film", "train", "--out", options.out / "run-soak"]
    for key, value in sets.items():
        command += ["--set", f"{key}={value}"]
    return [str(word) for word in command]


def cycle(command, run, seconds):
    """Trains until `seconds` after its first new step, then stops it; the exit code."""
    before = len(steps_of(run))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    start = time.monotonic()
    while process.poll() is None and len(steps_of(run)) <= before + 2 and time.monotonic() - start < 120:
        time.sleep(0.2)
    time.sleep(seconds)
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        return -1


def soak(options, clock):
    run, command, cycles = options.out / "run-soak", soak_command(options), []
    pause = 1 if options.small else 20
    while clock.left() > pause + 90 and not (options.small and len(cycles) == 2):
        begin = len(steps_of(run))
        code = cycle(command, run, pause)
        cycles.append({"exit": code, "from_step": begin, "to_step": len(steps_of(run))})
        if code != 75:
            break
    rows = steps_of(run)
    whole = [row["step"] for row in rows] == list(range(1, len(rows) + 1))
    finite = all(row["applied"] for row in rows)
    good = bool(cycles) and all(c["exit"] == 75 and c["to_step"] > c["from_step"] for c in cycles) and whole and finite
    result = {"state": "passed" if good else "failed", "cycles": cycles, "steps": len(rows), "every_step_once": whole,
              "every_step_applied": finite}
    return [result], table(["stops and starts", "steps", "every step once", "every step applied"],
                           [[len(cycles), len(rows), whole, finite]])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=("train", "probe", "soak"))
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path("data"))
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--limit", type=float, default=500)
    options = parser.parse_args()
    options.out = options.out.resolve()
    options.out.mkdir(parents=True, exist_ok=True)
    options.gpu = "" if options.small else gpu_name()
    return options


def main():
    options = arguments()
    results, markdown = {"train": train, "probe": probe, "soak": soak}[options.mode](options, Clock(options.limit))
    title = f"`gpu_check.sh --{options.mode}`, {options.gpu or 'a small model on the CPU'}:\n\n"
    (options.out / f"{options.mode}.json").write_text(json.dumps({"gpu": options.gpu, "results": results}, indent=1))
    (options.out / f"{options.mode}.md").write_text(title + markdown)
    print(title + markdown)
    own = [result for result in results if result.get("program") != "transformers"]
    return 1 if any(result["state"].startswith("failed") for result in own) else 0


if __name__ == "__main__":
    sys.exit(main())
