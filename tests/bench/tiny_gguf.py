#!/usr/bin/env python3
"""Writes a GGUF that llama.cpp can serve: a llama of one layer with random weights and a real vocabulary.

Usage: tiny_gguf.py TOKENIZER.model OUT.gguf   (packages: gguf, numpy, sentencepiece)

It writes nonsense. So that its answers end, all embeddings share one direction, and the row of the end token in the
head points along it: its logit is about the same everywhere.
"""
import sys

import gguf
import numpy
import sentencepiece

WIDTH, HEADS, FEED_FORWARD, CONTEXT = 64, 2, 128, 4096
END_LOGIT = 1.2  # servers draw from the 40 likeliest tokens, whose logits are near 0.5 here: one in twenty is the end
TEMPLATE = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant:"


def add_vocabulary(writer, model):
    kinds = gguf.TokenType
    tokens, scores, types = [], [], []
    for i in range(model.vocab_size()):
        tokens.append(model.id_to_piece(i).encode())
        scores.append(model.get_score(i))
        types.append(kinds.UNKNOWN if model.is_unknown(i) else kinds.CONTROL if model.is_control(i)
                     else kinds.BYTE if model.is_byte(i) else kinds.NORMAL)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_bos_token_id(model.bos_id())
    writer.add_eos_token_id(model.eos_id())
    writer.add_chat_template(TEMPLATE)


def add_weights(writer, vocabulary, end):
    draw = numpy.random.default_rng(1)

    def random(rows, columns, deviation):
        return draw.normal(0, deviation, (rows, columns)).astype(numpy.float32)

    shared = numpy.sign(random(1, WIDTH, 1))
    embedding, head = random(vocabulary, WIDTH, 0.3) + shared, random(vocabulary, WIDTH, 0.02)
    head[end] = shared * END_LOGIT / WIDTH
    matrices = {"token_embd": embedding, "output": head}
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        matrices[f"blk.0.{name}"] = random(WIDTH, WIDTH, 0.02)
    matrices["blk.0.ffn_gate"] = random(FEED_FORWARD, WIDTH, 0.02)
    matrices["blk.0.ffn_up"] = random(FEED_FORWARD, WIDTH, 0.02)
    matrices["blk.0.ffn_down"] = random(WIDTH, FEED_FORWARD, 0.02)
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        matrices[name] = numpy.ones(WIDTH, numpy.float32)
    for name, matrix in matrices.items():
        writer.add_tensor(name + ".weight", matrix)


def main():
    model = sentencepiece.SentencePieceProcessor(model_file=sys.argv[1])
    writer = gguf.GGUFWriter(sys.argv[2], "llama")
    writer.add_name("tiny-random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(model.vocab_size())
    add_vocabulary(writer, model)
    add_weights(writer, model.vocab_size(), model.eos_id())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
