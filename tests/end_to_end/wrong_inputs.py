"""Wrong inputs for the tables of errors, made beside the right ones of tiny_world."""
import json
import os
import shutil
import struct

import tiny_world

RUN_SETTINGS = '{"verb": "train", "settings": {"model_folder": ""}}'
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 14483498224\n"


def safetensors(header, data=b""):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def write_models(folder):
    """One Hugging Face folder for every row of model_rows()."""
    model = tiny_world.TRAIN["model"]
    config = {"model_type": "mistral", "rms_norm_eps": 1e-5, **model}
    one = {"model.norm.weight": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}
    embedding = {"model.embed_tokens.weight": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    index = json.dumps({"weight_map": shards})
    models = {
        "bin_only": {"pytorch_model.bin": b"PK\3\4"},
        "no_weights": {},
        "lfs": {"model.safetensors": LFS.encode()},
        "gated": {"model.safetensors": b"Access to model mistralai/Mistral-7B-v0.1 is restricted."},
        "cut": {"model.safetensors": safetensors(one, b"\0" * 15)},
        "cut_header": {"model.safetensors": safetensors(one)[:40]},
        "shard_missing": {"model.safetensors.index.json": index.encode(),
                          "model-00001-of-00002.safetensors": safetensors(one, b"\0" * 16)},
        "bad_index": {"model.safetensors.index.json": b'{"weight_map": {"a": 5}}'},
        "lfs_config": {"config.json": LFS.encode()},
        "list_config": {"config.json": b"[]"},
        "no_heads": {"config.json": json.dumps({**{k: v for k, v in config.items() if k != "head_dim"},
                                                "num_attention_heads": 0}).encode()},
        "quantised": {"config.json": json.dumps({**config, "quantization_config": {"quant_method": "hqq"}}).encode()},
        "longrope": {"config.json": json.dumps({**config, "rope_scaling": {"type": "longrope"}}).encode()},
        "half_window": {"config.json": json.dumps({**config, "sliding_window": 9, "layer_types":
                                                   ["full_attention", "sliding_attention"]}).encode()},
        "another": {"config.json": json.dumps({**config, "model_type": "gpt2"}).encode()},
        "wrong_shape": {"model.safetensors": safetensors(embedding, b"\0" * 16)},
    }
    for name, files in models.items():
        (folder / name).mkdir()
        for file, content in {"config.json": json.dumps(config).encode(), **files}.items():
            (folder / name / file).write_bytes(content)


def without_key(file, *path):
    manifest = json.loads(file.read_text(encoding="utf-8"))
    holder = manifest
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    file.write_text(json.dumps(manifest), encoding="utf-8")


def write_files(folder):
    files = {"broken.json": '{"seed": 1', "twice.json": '{"seed": 1, "seed": 2}', "list.json": "[1]", "file": "x",
             "unfinished/settings.json": RUN_SETTINGS, "gone/manifest.json": '{"format": 1, "files": []}',
             "gone/settings.json": RUN_SETTINGS,
             "broken.jsonl": '{"text": "a line"}\n{"text": \n', "questions.jsonl": '{"question": \n',
             "deep.json": "[" * 100_000, "lfs.jsonl": LFS, "hollow/a.txt": "", "hollow/b.jsonl": ""}
    for name in ("empty", "hollow", "locked", "unfinished/checkpoints", "gone/checkpoints"):
        (folder / name).mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "bad.txt").write_bytes(b"no UTF-8: \xff\xfe\n")
    (folder / "bad.json").write_bytes(b'{"seed": "\xff"}')
    (folder / "bad.csv").write_bytes(b"question,answer,context,evidence\nWhat is \xe4?,This,0,\n")
    (folder / "cut.jsonl.gz").write_bytes(bytes.fromhex("1f8b08000000000000ffab56"))
    for name in ("short_data", "torn_manifest", "unasked"):
        shutil.copytree(folder / "data", folder / name, ignore=shutil.ignore_patterns("questions"))
    for name in ("broken_data", "keyless_questions"):
        shutil.copytree(folder / "data", folder / name)
    without_key(folder / "keyless_questions/questions/manifest.json", "rejected", "by_reason")
    tiny_world.forget_manifest(folder / "keyless_questions/questions")
    with open(folder / "broken_data/questions/examples.jsonl", "a", encoding="utf-8") as examples:
        examples.write('{"id": 5')
    os.truncate(next((folder / "short_data/segments").glob("*.tokens")), 2)
    (folder / "torn_manifest/manifest.json").write_text('{"files": [', encoding="utf-8")
