"""The memory that training takes against the plan: measured at the peak, over sizes that the plan was not fitted on.

The difference may be 5 % of the plan or 64 MiB, whichever is more. FILM_BENCH_TRAINING is the program that trains.
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


def run(size, folder):
    layers, hidden, heads, key_heads, vocabulary, tokens, questions, precision, memory = size
    if precision == "bfloat16" and not FAST_BF16:
        tokens //= 8
    draw = random.Random(1)
    ids = lambda n: [draw.randrange(3, vocabulary) for _ in range(n)]
    model = {"num_hidden_layers": layers, "hidden_size": hidden, "intermediate_size": int(hidden * 3.25),
             "num_attention_heads": heads, "num_key_value_heads": key_heads, "head_dim": hidden // heads,
             "vocab_size": vocabulary}
    job = {"model": model, "precision": precision, "memory": memory, "steps": 2, "threads": 2, "share": True,
           "pack_tokens": 2 * tokens, "rate": 1e-4,
           "examples": [{"context": ids(tokens - 50), "pairs": [[ids(30), ids(20)] for _ in range(questions)]}]}
    path = pathlib.Path(folder) / "job.json"
    path.write_text(json.dumps(job))
    done = subprocess.run([PROGRAM, str(path)], capture_output=True, text=True,
                          env=dict(os.environ, OMP_WAIT_POLICY="PASSIVE"))
    if done.returncode != 0:
        sys.exit(f"{PROGRAM} failed: {done.stderr}")
    return json.loads(done.stdout)


def main():
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            result = run(size, folder)
            difference = result["peak"] - result["planned"]
            allowed = max(0.05 * result["planned"], 64 * MIB)
            verdict = "ok" if abs(difference) <= allowed else "WRONG"
            wrong += verdict != "ok"
            print(f"{size}: peak {result['peak'] / MIB:.0f} MiB, planned {result['planned'] / MIB:.0f} MiB, "
                  f"{difference / MIB:+.0f} MiB: {verdict}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
