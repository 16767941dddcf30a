#!/usr/bin/env python3
"""The memory that asking takes against its plan, at the width of a 7B model with fewer layers.

  cmake --build BUILD --target film_bench_generation
  python3 tests/bench/asking_memory.py BUILD/film_bench_generation [NUMBER OF A ROW ...]

Every row is a process of its own with random weights, which are drawn in place. Exits 1 where peak and plan differ by more
than 5 %. Prints Markdown.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

WIDTH = {"hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32, "num_key_value_heads": 8,
         "head_dim": 128, "max_position_embeddings": 32768, "vocab_size": 32000}
# layers, type, context, questions, ids of each, new ids (0: a choice of three ids is rated instead), GiB that the process
# may take (0: all)
ROWS = [(2, "bfloat16", 2048, 16, 40, 3, 0), (2, "bfloat16", 9216, 4, 40, 2, 0), (2, "bfloat16", 256, 300, 28, 3, 0),
        (2, "float32", 1024, 8, 30, 3, 0), (2, "bfloat16", 2048, 250, 10, 0, 0), (2, "float32", 512, 250, 10, 0, 0)]


def run(program, row, folder):
    layers, precision, context, questions, length, new, limit = row
    draw = random.Random(2)
    ids = lambda n: [draw.randrange(3, WIDTH["vocab_size"]) for _ in range(n)]
    job = {"model": dict(WIDTH, num_hidden_layers=layers), "precision": precision, "threads": 2, "prefix": ids(context),
           "questions": [ids(length) for _ in range(questions)], "new_tokens": new,
           "memory_limit": int(limit * 2**30)}
    if new == 0:
        job["choices"] = [ids(3) for _ in range(questions)]
    path = pathlib.Path(folder) / "job.json"
    path.write_text(json.dumps(job))
    done = subprocess.run([program, path], capture_output=True, text=True, env=dict(os.environ, OMP_WAIT_POLICY="PASSIVE"))
    if done.returncode != 0:
        sys.exit(f"{program} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def main():
    wrong = 0
    print("| layers | type | context | questions | plan, MiB | peak, MiB | off |\n|---:|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for row in [ROWS[int(number)] for number in sys.argv[2:]] or ROWS:
            result = run(sys.argv[1], row, folder)
            off = result["peak"] / result["planned"] - 1
            wrong += abs(off) > 0.05
            layers, precision, context, questions, _, new = row[:6]
            asked = questions if new else f"{questions}, rated"
            print(f"| {layers} | {precision} | {context:,} | {asked} | {result['planned'] / 2**20:,.0f} | "
                  f"{result['peak'] / 2**20:,.0f} | {off:+.1%} |", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
