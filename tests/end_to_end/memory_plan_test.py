"""The memory that training takes against the plan: measured at the peak, over sizes that the plan was not fitted on.

The difference may be 5 % of the plan or 64 MiB, whichever is more. Passes of many lengths take no more than one: libraries
that make something for every length must not keep it. FILM_BENCH_TRAINING is the program that trains.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

PROGRAM = os.environ["FILM_BENCH_TRAINING"]
# Products of bfloat16 take a hundred times as long where the processor lacks them: fewer tokens there. Torch's and oneDNN's
# own variable can take them away, too.
FAST_BF16 = ({"amx_bf16", "avx512_bf16"} & set(pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
             and "ONEDNN_MAX_CPU_ISA" not in os.environ)
MIB = 2**20
# layers, hidden, heads, key heads, vocabulary, tokens, questions, precision, memory
SIZES = [
    (3, 384, 6, 3, 12000, 3100, 1, "float32", {"activation_checkpointing": "none"}),
    (5, 320, 5, 1, 20000, 2300, 3, "float32", {"activation_checkpointing": "full"}),
    (2, 768, 12, 4, 6000, 5000, 1, "bfloat16", {"activation_checkpointing": "attention"}),
    (7, 448, 7, 7, 3000, 1800, 2, "bfloat16", {"activation_checkpointing": "none", "offload": "disk", "chunk": 32}),
    (1, 1280, 10, 2, 16000, 900, 1, "float32", {"activation_checkpointing": "attention", "offload": "cpu", "chunk": 64}),
]
# One sequence of each length is a pass.
LENGTHS = range(200, 344, 3)
MANY = (2, 128, 2, 1, 3000, 200, 1, "bfloat16", {"activation_checkpointing": "none"})


def run(size, folder, lengths=()):
    layers, hidden, heads, key_heads, vocabulary, tokens, questions, precision, memory = size
    if precision == "bfloat16" and not FAST_BF16 and not lengths:
        tokens //= 8
    lengths = lengths or [tokens]
    draw = random.Random(1)
    ids = lambda n: [draw.randrange(3, vocabulary) for _ in range(n)]
    model = {"num_hidden_layers": layers, "hidden_size": hidden, "intermediate_size": int(hidden * 3.25),
             "num_attention_heads": heads, "num_key_value_heads": key_heads, "head_dim": hidden // heads,
             "vocab_size": vocabulary}
    job = {"model": model, "precision": precision, "memory": memory, "steps": 2, "threads": 2, "share": True,
           "pack_tokens": 2 * tokens, "rate": 1e-4,
           "examples": [{"context": ids(length - 50), "pairs": [[ids(30), ids(20)] for _ in range(questions)]}
                        for length in lengths]}
    path = pathlib.Path(folder) / "job.json"
    path.write_text(json.dumps(job))
    done = subprocess.run([PROGRAM, str(path)], capture_output=True, text=True,
                          env=dict(os.environ, OMP_WAIT_POLICY="PASSIVE"))
    if done.returncode != 0:
        sys.exit(f"{PROGRAM} failed: {done.stderr}")
    return json.loads(done.stdout)


def is_near(name, peak, expected):
    difference = peak - expected
    near = abs(difference) <= max(0.05 * expected, 64 * MIB)
    print(f"{name}: peak {peak / MIB:.0f} MiB, expected {expected / MIB:.0f} MiB, {difference / MIB:+.0f} MiB: "
          f"{'ok' if near else 'WRONG'}", flush=True)
    return near


def main():
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            result = run(size, folder)
            good &= is_near(size, result["peak"], result["planned"])
        many = run(MANY, folder, LENGTHS)
        assert many["passes"] == len(LENGTHS), many["passes"]
        good &= is_near(f"{MANY} in {len(LENGTHS)} lengths", many["peak"], run(MANY, folder, LENGTHS[-1:])["peak"])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
