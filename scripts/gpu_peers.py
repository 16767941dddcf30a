#!/usr/bin/env python3
"""transformers doing what film does in scripts/gpu_check.py, on the same GPU: one line of JSON.

  gpu_peers.py probe|train JOB.json

probe: reads job["before"], then job["prefix"], repeats its cache for job["peer"] questions, and answers them in one batch.
train: steps on random sequences with fused attention (cuDNN before flash), gradient checkpointing, the head on answer rows only
and the fused AdamW. Weights, gradients and moments are bf16 (58 GB for 7B): less exact than film's, and all that fits one GPU.
"""
import json
import sys
import time

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from transformers import DynamicCache, MistralConfig, MistralForCausalLM

ANSWER = 32  # tokens of an answer, as in film_bench_training


def clock(device):
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def probe(job):
    device = job["device"]
    model = MistralForCausalLM.from_pretrained(job["model_folder"], dtype=torch.bfloat16, attn_implementation="sdpa").to(device)
    rows = torch.tensor(job["questions"][:job["peer"]], device=device)
    with torch.inference_mode():
        model(input_ids=torch.tensor([job["prefix"][:64]], device=device))
        seconds = []
        for context in (job["before"], job["prefix"]):
            cache, start = DynamicCache(), clock(device)
            model(input_ids=torch.tensor([context], device=device), past_key_values=cache, use_cache=True, logits_to_keep=1)
            seconds.append(clock(device) - start)
        before, prefix = seconds
        start = clock(device)
        cache.batch_repeat_interleave(rows.shape[0])
        out = model(input_ids=rows, past_key_values=cache, use_cache=True, logits_to_keep=1).logits[:, -1].argmax(-1)
        for _ in range(job["new_tokens"] - 1):
            out = model(input_ids=out[:, None], past_key_values=cache, use_cache=True, logits_to_keep=1).logits[:, -1].argmax(-1)
        asked = clock(device) - start
    return {"before": before, "prefix": prefix, "asked": asked, "questions": rows.shape[0]}


def train(job):
    device = job["device"]
    torch.manual_seed(1)
    with torch.device(device):
        torch.set_default_dtype(torch.bfloat16)
        model = MistralForCausalLM(MistralConfig(**job["model"], sliding_window=None, attn_implementation="sdpa")).train()
    model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": True})
    model.config.use_cache = False
    adam = torch.optim.AdamW(model.parameters(), lr=job["rate"], weight_decay=0, fused=True)
    count, tokens = job["examples"]["count"], job["examples"]["tokens"]
    keep = torch.arange(tokens - ANSWER, tokens, device=device)
    seconds = []
    for _ in range(job["steps"]):
        start = clock(device)
        for _ in range(count):
            ids = torch.randint(job["model"]["vocab_size"], (tokens + 1,), device=device)
            with sdpa_kernel([SDPBackend.CUDNN_ATTENTION, SDPBackend.FLASH_ATTENTION, SDPBackend.MATH], set_priority=True):
                logits = model(input_ids=ids[None, :-1], logits_to_keep=keep).logits[0]
                (torch.nn.functional.cross_entropy(logits.float(), ids[-ANSWER:]) / count).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        adam.zero_grad(set_to_none=True)
        seconds.append(clock(device) - start)
    peak = torch.cuda.max_memory_reserved() if device == "cuda" else 0
    return {"seconds": seconds, "tokens": count * tokens, "peak": peak}


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        print(json.dumps({"probe": probe, "train": train}[sys.argv[1]](json.load(file))))
