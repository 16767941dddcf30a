#!/usr/bin/env python3
"""Planned and peak memory of each of two processes, by what they share: prints a table.

    ranks_memory.py FILM

trains a model of 38 million parameters for two steps in each mode, in a folder of its own."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "end_to_end"))

MODEL = {"hidden_size": 512, "intermediate_size": 1536, "num_hidden_layers": 12, "num_attention_heads": 8,
         "num_key_value_heads": 4, "head_dim": 64}
MODES = [(1, "none", 1), (2, "none", 1), (2, "optimizer", 1), (2, "full", 1), (2, "full", 2)]


def prepare(world, folder):
    world.prepare(folder, "train")
    settings = json.loads((folder / "train.json").read_text(encoding="utf-8"))
    settings["model"].update(MODEL)
    settings.update(save_every=100, save_state=False, stages=[{**settings["stages"][0], "steps": 2}])
    (folder / "train.json").write_text(json.dumps(settings), encoding="utf-8")


def memory_of(world, folder, ranks, shard, sequence):
    """What the run wrote of it."""
    out = f"{shard}-{ranks}-{sequence}"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    arguments = ["train", "--config", "train.json", "--tokenizer", str(world.TOKENIZER), "--set", f"shard={shard}",
                 "--set", f"sequence_parallel={sequence}", "--out", out]
    places = [{"RANK": str(rank), "WORLD_SIZE": str(ranks), "LOCAL_RANK": str(rank), "MASTER_ADDR": "127.0.0.1",
               "MASTER_PORT": port} if ranks > 1 else {} for rank in range(ranks)]
    processes = [world.start(arguments, folder, changes=place, stderr=subprocess.STDOUT) for place in places]
    for said in [process.communicate(timeout=600)[0] for process in processes]:
        if any(process.returncode for process in processes):
            sys.exit(said)
    return json.loads((folder / out / "memory.json").read_text(encoding="utf-8"))


def main():
    os.environ["FILM_PROGRAM"] = str(pathlib.Path(sys.argv[1]).resolve())
    import tiny_world  # reads the variable
    with tempfile.TemporaryDirectory(prefix="film-memory-") as name:
        folder = pathlib.Path(name)
        prepare(tiny_world, folder)
        print("| processes | shard | sequence_parallel | planned, MiB | peak, MiB |\n|---:|---|---:|---:|---:|")
        for ranks, shard, sequence in MODES:
            memory = memory_of(tiny_world, folder, ranks, shard, sequence)
            print(f"| {ranks} | {shard} | {sequence} | {memory['planned'] >> 20} | {memory['peak'] >> 20} |")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    main()
