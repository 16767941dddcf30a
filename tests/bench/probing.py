#!/usr/bin/env python3
"""Many questions on one context: film against transformers and llama.cpp, same weights, one thread, CPU seconds.

  cmake --build BUILD --target film_bench_generation
  $FILM_TEST_PYTHON tests/bench/probing.py BUILD/film_bench_generation [--context 8192] [--questions 64] [--new 32] ...

transformers is measured on --peer questions and scaled: once the context is read, each question on a copy of its cache
("reuse"); without reuse every question reads the context again. llama.cpp (--llama PYTHON: one with llama-cpp-python and
gguf) reads each question behind the kept context. Every program is a process of its own. New ids must be equal. Prints
Markdown.
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile


def transformers_side(job):
    import copy
    import time

    import torch
    from transformers import DynamicCache, MistralForCausalLM

    torch.set_num_threads(job["threads"])
    dtype = getattr(torch, job["precision"])
    model = MistralForCausalLM.from_pretrained(job["model_folder"], dtype=dtype, attn_implementation="sdpa").eval()
    cpu, made, seconds = time.process_time, [], []
    with torch.inference_mode():
        begin = cpu()
        cache = DynamicCache()
        model(input_ids=torch.tensor([job["prefix"]]), past_key_values=cache, use_cache=True, logits_to_keep=1)
        prefix = cpu() - begin
        for question in job["questions"][:job["peer"]]:
            begin = cpu()
            own = copy.deepcopy(cache)
            ids, out = torch.tensor([question]), []
            while len(out) < job["new_tokens"]:
                logits = model(input_ids=ids, past_key_values=own, use_cache=True, logits_to_keep=1).logits[0, -1]
                out.append(int(logits.argmax()))
                ids = torch.tensor([[out[-1]]])
            seconds.append(cpu() - begin)
            made.append(out)
    print(json.dumps({"prefix": prefix, "question": sum(seconds) / len(seconds), "ids": made}))


def make_gguf(folder, precision, path):
    """The same weights for llama.cpp; run by a Python that has gguf and numpy."""
    import gguf
    import numpy

    config = json.loads((folder / "config.json").read_text())
    writer = gguf.GGUFWriter(path, "llama")
    for add, key in (("context_length", "max_position_embeddings"), ("embedding_length", "hidden_size"),
                     ("block_count", "num_hidden_layers"), ("feed_forward_length", "intermediate_size"),
                     ("head_count", "num_attention_heads"), ("head_count_kv", "num_key_value_heads"),
                     ("layer_norm_rms_eps", "rms_norm_eps"), ("vocab_size", "vocab_size"),
                     ("rope_dimension_count", "head_dim"), ("rope_freq_base", "rope_theta")):
        getattr(writer, "add_" + add)(config[key])
    size = config["vocab_size"]
    writer.add_tokenizer_model("llama")
    writer.add_token_list([f"t{i}".encode() for i in range(size)])
    writer.add_token_scores([0.0] * size)
    writer.add_token_types([gguf.TokenType.NORMAL] * size)
    names = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
             "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
             "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}
    top = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
    raw = (folder / "model.safetensors").read_bytes()
    length = int.from_bytes(raw[:8], "little")
    for name, entry in json.loads(raw[8:8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        x = numpy.frombuffer(raw, numpy.float32, (end - begin) // 4, 8 + length + begin).reshape(entry["shape"])
        part = name.removesuffix(".weight")
        if part in top:
            to = top[part]
        else:
            layer, kind = part.removeprefix("model.layers.").split(".", 1)
            to = f"blk.{layer}.{names[kind]}"
            if kind in ("self_attn.q_proj", "self_attn.k_proj"):  # llama.cpp rotates neighbours, not halves
                heads = x.shape[0] // config["head_dim"]
                x = x.reshape(heads, 2, config["head_dim"] // 2, -1).swapaxes(1, 2).reshape(x.shape)
        keep = x.ndim == 1 or precision == "float32"
        writer.add_tensor(to + ".weight", numpy.ascontiguousarray(x if keep else x.astype(numpy.float16)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def llama_side(job):
    import time

    import llama_cpp

    make_gguf(pathlib.Path(job["model_folder"]), job["precision"], job["gguf"])
    # Its threads are of this process: process_time counts them all.
    model = llama_cpp.Llama(job["gguf"], n_ctx=len(job["prefix"]) + 256, n_threads=job["threads"], n_batch=2048,
                            n_threads_batch=job["threads"], verbose=False, flash_attn=True)
    cpu, seconds, made = time.process_time, [], []
    begin = cpu()
    model.eval(job["prefix"])
    prefix = cpu() - begin
    for question in job["questions"][:job["peer"]]:
        begin = cpu()
        model.n_tokens = len(job["prefix"])  # eval drops what lies behind
        model.eval(question)
        out = [model.sample(temp=0.0)]
        while len(out) < job["new_tokens"]:
            model.eval(out[-1:])
            out.append(model.sample(temp=0.0))
        seconds.append(cpu() - begin)
        made.append(out)
    print(json.dumps({"prefix": prefix, "question": sum(seconds) / len(seconds), "ids": made}))


def make_model(folder, options):
    import torch
    from transformers import MistralConfig, MistralForCausalLM

    torch.manual_seed(1)
    config = MistralConfig(vocab_size=options.vocabulary, hidden_size=options.hidden, num_hidden_layers=options.layers,
                           intermediate_size=options.feed_forward, num_attention_heads=options.hidden // 64,
                           num_key_value_heads=options.hidden // 64 // options.group, head_dim=64, sliding_window=None,
                           max_position_embeddings=65536, rope_theta=1e6, tie_word_embeddings=False)
    MistralForCausalLM(config).save_pretrained(folder)


def parameters(options):
    """Of the layers, and of the head."""
    width = options.hidden
    attention = 2 * width * width + 2 * width * width // options.group
    return options.layers * (attention + 3 * width * options.feed_forward), options.vocabulary * width


def arithmetic(options, precision):
    """Floating-point operations of reading the context, and of one new id behind it; bytes that id reads."""
    layers, head = parameters(options)
    size = 2 if precision == "bfloat16" else 4
    pairs = options.context * (options.context + 1) / 2
    last = layers / options.layers * (1 - 2 * options.hidden ** 2 / options.group / (layers / options.layers))
    reading = 2 * (layers - last) * options.context + 4 * pairs * options.hidden * (options.layers - 1)
    token = 2 * (layers + head) + 4 * options.context * options.hidden * options.layers
    keys = 2 * options.context * options.hidden // options.group * options.layers
    return reading, token, (layers + head + keys) * size


def run(command):
    environment = dict(os.environ, OMP_WAIT_POLICY="PASSIVE", OMP_NUM_THREADS="1")
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def same(ours, theirs):
    equal = sum(a == b for a, b in zip(ours, theirs))
    return f"{equal} of {len(theirs)} answers equal"


def compare(options, job, folder, scratch, floors):
    path = scratch / "job.json"
    path.write_text(json.dumps(job))
    film = run([options.program, path])
    one = dict(job, questions=job["questions"][:1])
    path.write_text(json.dumps(one))
    single = run([options.program, path])
    path.write_text(json.dumps(job))
    n, new = len(job["questions"]), options.new
    rate, bandwidth = floors["bf16" if job["precision"] == "bfloat16" else "fp32"], floors["read"]
    reading, token, read = arithmetic(options, job["precision"])
    # The context is read once: by the first of film's calls.
    all_of = lambda count: film["prefix"] + film["first"] * count / n + (film["all"] - film["first"]) * count / n
    step, step_of_one = ((r["all"] - r["first"]) / (new - 1) for r in (film, single))
    print(f"\n{job['precision']}: {rate / 1e9:.0f} GFLOP/s, {bandwidth / 1e9:.1f} GB/s\n\n| | CPU s | of the machine's rate |"
          f"\n|---|---:|---:|\n| film, {options.context:,} tokens of context | {film['prefix']:.2f} | "
          f"{reading / film['prefix'] / rate:.0%} of products |\n| film, a new id of one question | {step_of_one:.4f} | "
          f"{read / step_of_one / bandwidth:.0%} of memory |\n| film, a new id of {n} questions | {step:.4f} | "
          f"{n * token / step / rate:.0%} of products; {n * step_of_one / step:.1f} times one question's rate; the limit is "
          f"{n * read / bandwidth / max(read / bandwidth, n * token / rate):.1f} |\n| film, all of {n} questions | "
          f"{all_of(n):.2f} | {film['all'] / n:.3f} a question |")
    peers = [("transformers", [sys.executable, __file__, "--side", "transformers", path])]
    if options.llama:
        peers.append(("llama.cpp", [options.llama, __file__, "--side", "llama", path]))
    for name, command in peers:
        peer = run(command)
        print(f"| {name}, context | {peer['prefix']:.2f} | film {peer['prefix'] / film['prefix']:.2f} times as fast |\n"
              f"| {name}, a question | {peer['question']:.3f} | {same(film['ids'], peer['ids'])} |")
        for count in (n, options.scale):
            reuse, again = peer["prefix"] + count * peer["question"], count * (peer["prefix"] + peer["question"])
            print(f"| {name}, {count} questions, cache reused | {reuse:.0f} (scaled) | film {reuse / all_of(count):.1f} times "
                  f"as fast |\n| {name}, {count} questions, without reuse | {again:.0f} (scaled) | film "
                  f"{again / all_of(count):.0f} times as fast |")


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--side":
        job = json.loads(pathlib.Path(sys.argv[3]).read_text())
        return (transformers_side if sys.argv[2] == "transformers" else llama_side)(job)
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("program")
    parse.add_argument("--llama", help="a Python with llama-cpp-python and gguf")
    parse.add_argument("--precision", nargs="+", default=["float32", "bfloat16"])
    for name, default in (("context", 8192), ("questions", 64), ("scale", 800), ("peer", 20), ("length", 40), ("new", 32), ("layers", 12),
                          ("hidden", 768), ("feed_forward", 2688), ("group", 3), ("vocabulary", 32000)):
        parse.add_argument("--" + name.replace("_", "-"), type=int, default=default)
    options = parse.parse_args()
    draw = random.Random(3)
    ids = lambda n: [draw.randrange(3, options.vocabulary) for _ in range(n)]
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        folder = scratch / "model"
        make_model(folder, options)
        floors = run([options.program, "floors"])
        job = {"model_folder": str(folder), "threads": 1, "prefix": ids(options.context), "new_tokens": options.new,
               "questions": [ids(options.length) for _ in range(options.questions)], "peer": options.peer}
        for precision in options.precision:
            if options.llama:
                job["gguf"] = str(scratch / f"{precision}.gguf")
            compare(options, dict(job, precision=precision), folder, scratch, floors)


if __name__ == "__main__":
    main()
