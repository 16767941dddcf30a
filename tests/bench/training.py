#!/usr/bin/env python3
"""film's training engine against transformers: same weights, same sequences, same Torch, same threads.

  cmake --build BUILD --target film_bench_training
  $FILM_TEST_PYTHON tests/bench/training.py BUILD/film_bench_training [--layers N] [--hidden N] [--tokens N] ...

The peer runs MistralForCausalLM with its fused attention, sequences one by one without padding, the head on answer
rows only (logits_to_keep), torch's fused AdamW; fp32, or bf16 by autocast over fp32 weights. It is measured with and
without gradient checkpointing (the reentrant kind, which is the faster here). Every measurement is a process of its
own, the programs take turns, the fastest step of all rounds counts; memory is the peak of resident memory over that of
the idle process. Prints Markdown.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

LEARNING_RATE = 1e-4
CLIP = 1.0


def status(field):
    for line in open("/proc/self/status"):
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    return 0


def peer(folder, job):
    import time

    import torch
    from transformers import MistralForCausalLM

    torch.set_num_threads(job["threads"])
    model = MistralForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa").train()
    if job["checkpointing"]:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": True})
    model.config.use_cache = False
    torch.mm(torch.ones(8, 8), torch.ones(8, 8))
    weights = status("VmRSS")
    adam = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0, fused=True)
    sequences = [(e["context"] + q + a, len(a)) for e in job["examples"] for q, a in e["pairs"]]
    seconds, losses = [], []
    for _ in range(job["steps"]):
        begin, total = time.perf_counter(), 0.0
        for ids, answer in sequences:
            x = torch.tensor(ids)
            with torch.autocast("cpu", torch.bfloat16, enabled=job["precision"] == "bfloat16"):
                rows = torch.arange(len(ids) - 1 - answer, len(ids) - 1)
                logits = model(input_ids=x[None, :-1], logits_to_keep=rows).logits[0]
                loss = torch.nn.functional.cross_entropy(logits.float(), x[-answer:]) / len(sequences)
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        adam.step()
        adam.zero_grad(set_to_none=True)
        seconds.append(time.perf_counter() - begin)
        losses.append(total)
    # Idle is the process without the model, as for film: its weights count.
    own = sum(p.numel() * p.element_size() for p in model.parameters())
    print(json.dumps({"seconds": seconds, "losses": losses, "peak": status("VmHWM") - (weights - own)}))


def make_model(folder, options):
    import torch
    from transformers import MistralConfig, MistralForCausalLM

    torch.manual_seed(1)
    config = MistralConfig(vocab_size=options.vocabulary, hidden_size=options.hidden, num_hidden_layers=options.layers,
                           intermediate_size=int(options.hidden * 3.5), num_attention_heads=options.hidden // 64,
                           num_key_value_heads=max(1, options.hidden // 256), head_dim=64, sliding_window=None,
                           max_position_embeddings=65536, rope_theta=1e6, tie_word_embeddings=False)
    MistralForCausalLM(config).save_pretrained(folder)


def make_examples(options, questions):
    import random

    draw = random.Random(3)
    ids = lambda n: [draw.randrange(3, options.vocabulary) for _ in range(n)]
    return [{"context": ids(options.tokens - 64), "pairs": [[ids(33), ids(32)] for _ in range(questions)]}
            for _ in range(options.examples)]


def run_child(command):
    environment = dict(os.environ, OMP_WAIT_POLICY="PASSIVE", TOKENIZERS_PARALLELISM="false")
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def best(results):
    return {"seconds": min(min(r["seconds"]) for r in results), "peak": min(r["peak"] for r in results),
            "planned": results[0].get("planned"), "losses": results[0]["losses"]}


def measure(variants, rounds):
    results = {name: [] for name in variants}
    for _ in range(rounds):
        for name, command in variants.items():
            results[name].append(run_child(command))
            print(f"  {name}: {results[name][-1]}", file=sys.stderr)
    return {name: best(list_) for name, list_ in results.items()}


def table(title, results, examples, reference):
    print(f"\n{title}\n\n| | s a step | examples/s | peak over idle | planned | loss |\n|---|---:|---:|---:|---:|---:|")
    for name, r in results.items():
        planned = f"{r['planned'] / 2**20:,.0f} MiB" if r["planned"] else ""
        print(f"| {name} | {r['seconds']:.2f} | {examples[name] / r['seconds']:.3f} | {r['peak'] / 2**20:,.0f} MiB | "
              f"{planned} | {r['losses'][-1]:.4f} |")
    for name in results:
        if name not in reference:
            print(f"- {name}: " + ", ".join(
                f"{results[other]['seconds'] / examples[other] / (results[name]['seconds'] / examples[name]):.2f} times "
                f"as fast as {other} in 1/{results[other]['peak'] / results[name]['peak']:.2f} of its memory"
                for other in reference))


def against_peer(options, folder, scratch, precision):
    job = {"precision": precision, "model_folder": str(folder), "steps": options.steps, "threads": options.threads,
           "share": True, "rate": LEARNING_RATE, "pack_tokens": options.tokens + 1024,
           "examples": make_examples(options, 1)}
    variants = {}
    for recomputed in options.checkpointing:
        path = scratch / f"{precision}-{recomputed}.json"
        path.write_text(json.dumps(dict(job, memory={"activation_checkpointing": recomputed})))
        variants[f"film, checkpointing {recomputed}"] = [options.program, str(path)]
    reference = []
    for name, checkpointing in (("transformers", False), ("transformers, checkpointing", True)):
        path = scratch / f"{precision}-peer-{checkpointing}.json"
        path.write_text(json.dumps(dict(job, checkpointing=checkpointing)))
        variants[name] = [sys.executable, __file__, "--peer", str(folder), str(path)]
        reference.append(name)
    results = measure(variants, options.rounds)
    table(f"{precision}, {options.examples} x {options.tokens:,} tokens", results,
          {name: options.examples for name in variants}, reference)


def shared_contexts(options, folder, scratch):
    variants, examples = {}, {}
    for k in (4, 8):
        for share in (False, True):
            job = {"precision": "float32", "model_folder": str(folder), "memory": {"activation_checkpointing": "none"}, "steps": 1,
                   "threads": options.threads, "share": share, "rate": LEARNING_RATE,
                   "pack_tokens": options.tokens + 1024, "examples": make_examples(options, k)}
            name = f"{k} questions, {'shared' if share else 'separate'}"
            path = scratch / f"shared-{k}-{share}.json"
            path.write_text(json.dumps(job))
            variants[name] = [options.program, str(path)]
            examples[name] = options.examples * k
    results = measure(variants, 1)
    table(f"questions on one context, {options.tokens:,} tokens", results, examples,
          [name for name in variants if "separate" in name])


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--peer":
        return peer(sys.argv[2], json.loads(pathlib.Path(sys.argv[3]).read_text()))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    for name, value in (("layers", 4), ("hidden", 512), ("vocabulary", 8192), ("tokens", 16384), ("examples", 1),
                        ("threads", 2), ("rounds", 2), ("steps", 2)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--checkpointing", nargs="+", default=["none", "attention"])
    parser.add_argument("--precision", nargs="+", default=["float32", "bfloat16"])
    parser.add_argument("--shared", action="store_true", help="k questions on one context against k separate ones")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        make_model(scratch / "model", options)
        for precision in options.precision:
            against_peer(options, scratch / "model", scratch, precision)
        if options.shared:
            shared_contexts(options, scratch / "model", scratch)


if __name__ == "__main__":
    main()
