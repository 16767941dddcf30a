#!/usr/bin/env python3
"""Layers of true Mistral-7B width in bf16, the optimizer's state streamed from a file: one step, saved and loaded.

  cmake --build BUILD --target film_bench_training
  python3 tests/bench/true_width.py BUILD/film_bench_training FOLDER [--layers N] [--tokens N]

FOLDER: a scratch folder on a disk with room for 23 bytes a parameter (state and checkpoint). Prints Markdown.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import subprocess


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--tokens", type=int, default=1024)
    options = parser.parse_args()
    folder = options.folder / "true-width"
    folder.mkdir(parents=True)
    draw = random.Random(1)
    ids = lambda n: [draw.randrange(3, 32000) for _ in range(n)]
    job = {"model": {"num_hidden_layers": options.layers}, "precision": "bfloat16", "steps": 1, "threads": 2,
           "memory": {"offload": "disk", "activation_checkpointing": "attention"}, "share": True, "pack_tokens": 2 * options.tokens,
           "rate": 1e-6, "checkpoint": str(folder),
           "examples": [{"context": ids(options.tokens - 40), "pairs": [[ids(20), ids(20)]]}]}
    try:
        (folder / "job.json").write_text(json.dumps(job))
        done = subprocess.run([options.program, str(folder / "job.json")], check=True, capture_output=True, text=True,
                              env=dict(os.environ, OMP_WAIT_POLICY="PASSIVE"))
        result = json.loads(done.stdout)
    finally:
        shutil.rmtree(folder)
    mib, saved = 2**20, result["checkpoint"]
    print(f"{options.layers} layers, {result['parameters'] / 1e9:.2f} B parameters, {options.tokens} tokens\n")
    print("| step | save | load | peak over idle | planned | peak with checkpoint | loaded = saved | loss |")
    print("|---:|---:|---:|---:|---:|---:|---|---:|")
    print(f"| {result['seconds'][0]:.0f} s | {saved['save_seconds']:.0f} s | {saved['load_seconds']:.0f} s | "
          f"{result['peak'] / mib:,.0f} MiB | {result['planned'] / mib:,.0f} MiB | "
          f"{result['peak_with_checkpoint'] / mib:,.0f} MiB | {'yes' if saved['equal'] else 'NO'} | "
          f"{result['losses'][0]:.3f} |\n")
    print("planned by item: " + ", ".join(f"{name} {size / mib:,.0f} MiB" for name, size in result["items"].items()))


if __name__ == "__main__":
    main()
