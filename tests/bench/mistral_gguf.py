#!/usr/bin/env python3
"""Writes a Mistral folder (fp32 safetensors, tokenizer.model) as a GGUF that llama.cpp serves. Packages: those of real_server.txt.

Usage: mistral_gguf.py FOLDER OUT.gguf
"""
import json
import pathlib
import sys

import gguf
import numpy
import sentencepiece

import tiny_gguf

NAMES = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
         "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
         "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}
OUTER = {"model.embed_tokens": "token_embd", "lm_head": "output", "model.norm": "output_norm"}


def tensors(path):
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:8 + size])
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = (8 + size + at for at in entry["data_offsets"])
            yield name.removesuffix(".weight"), numpy.frombuffer(raw[begin:end], numpy.float32).reshape(entry["shape"])


def interleaved(matrix, heads):
    """Rows of queries and keys in llama.cpp's order: the two halves of a head take turns."""
    rows, columns = matrix.shape
    return matrix.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def name_of(name):
    if name in OUTER:
        return OUTER[name]
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{NAMES[rest]}"


def main():
    folder, out = pathlib.Path(sys.argv[1]), sys.argv[2]
    config = json.loads((folder / "config.json").read_text())
    heads, key_heads = config["num_attention_heads"], config["num_key_value_heads"]
    writer = gguf.GGUFWriter(out, "llama")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(key_heads)
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    tiny_gguf.TEMPLATE = json.loads((folder / "tokenizer_config.json").read_text())["chat_template"]
    tiny_gguf.add_vocabulary(writer, sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model")))
    for name, tensor in tensors(folder / "model.safetensors"):
        if name.endswith(("q_proj", "k_proj")):
            tensor = interleaved(tensor, heads if name.endswith("q_proj") else key_heads)
        writer.add_tensor(name_of(name) + ".weight", numpy.ascontiguousarray(tensor))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
