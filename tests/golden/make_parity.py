"""Writes data/parity/: tiny random Mistrals with what transformers and torch compute from them.

Per case a Hugging Face folder (model.safetensors, config.json) and expected.json: input ids, loss rows, targets,
logits of the first sequence, the loss, every gradient (in gradients.safetensors), and the losses of ten AdamW steps.
Run with the peers that scripts/setup.sh --tests installs:
  $FILM_TEST_PYTHON tests/golden/make_parity.py data/parity [case ...]
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM

SHAPE = dict(vocab_size=61, hidden_size=16, intermediate_size=24, num_hidden_layers=2, head_dim=8,
             max_position_embeddings=128, rms_norm_eps=1e-5, attention_dropout=0.0)
CASES = {
    "v01_window": dict(num_attention_heads=4, num_key_value_heads=2, sliding_window=5, rope_theta=1e4),
    "v02": dict(num_attention_heads=4, num_key_value_heads=1, sliding_window=None, rope_theta=1e6),
    "gqa8": dict(num_attention_heads=8, num_key_value_heads=1, sliding_window=None, rope_theta=1e6),
    "llama": dict(num_attention_heads=6, num_key_value_heads=3, rope_theta=5e5, architecture="llama", vocab_size=73),
    "tied": dict(num_attention_heads=2, num_key_value_heads=2, sliding_window=None, rope_theta=1e4,
                 tie_word_embeddings=True),
    "linear": dict(num_attention_heads=2, num_key_value_heads=1, sliding_window=None, rope_theta=1e4,
                   rope_scaling=dict(rope_type="linear", factor=2.5)),
    "llama3": dict(num_attention_heads=4, num_key_value_heads=2, rope_theta=1e4, architecture="llama",
                   rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                                     original_max_position_embeddings=64)),
    "yarn": dict(num_attention_heads=4, num_key_value_heads=2, sliding_window=None, rope_theta=1e4,
                 rope_scaling=dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=32)),
    "yarn_mscale": dict(num_attention_heads=4, num_key_value_heads=2, rope_theta=1e4, architecture="llama",
                        rope_scaling=dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=32, mscale=1.0,
                                          mscale_all_dim=0.4, beta_fast=4.0, beta_slow=0.5, truncate=False)),
}
LENGTHS = [(9, 4), (14, 6), (5, 1)]  # tokens of a sequence, of which so many at the end are answers
OPTIMIZER = dict(lr=1e-2, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1)
CLIP = 0.5


def sequences(generator):
    return [torch.randint(0, SHAPE["vocab_size"], (n + 1,), generator=generator) for n, _ in LENGTHS]


def loss_of(model, batch):
    """Mean over sequences of each one's mean over its answer tokens, every sequence on its own."""
    total = 0.0
    for ids, (n, answers) in zip(batch, LENGTHS):
        logits = model(ids[:n].unsqueeze(0)).logits[0, n - answers:]
        total = total + torch.nn.functional.cross_entropy(logits, ids[n - answers + 1:n + 1])
    return total / len(batch)


def make(name, options, root):
    torch.manual_seed(17)
    options = {**SHAPE, **options}
    llama = options.pop("architecture", "mistral") == "llama"
    config = (LlamaConfig if llama else MistralConfig)(**options, attn_implementation="eager")
    model = (LlamaForCausalLM if llama else MistralForCausalLM)(config).float().eval()
    with torch.no_grad():  # larger than the usual 0.02, so that every part of the model matters
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.3 + (1.0 if parameter.dim() == 1 else 0.0))
    folder = root / name
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    batch = sequences(torch.Generator().manual_seed(5))
    loss = loss_of(model, batch)
    loss.backward()
    gradients = {n: p.grad.clone().contiguous() for n, p in model.named_parameters()}
    save_file(gradients, folder / "gradients.safetensors")
    expected = {"sequences": [s.tolist() for s in batch], "answers": [a for _, a in LENGTHS], "loss": loss.item(),
                "logits": model(batch[1][:-1].unsqueeze(0)).logits[0].tolist(), "optimizer": OPTIMIZER, "clip": CLIP}
    model.zero_grad()
    adam = torch.optim.AdamW(model.parameters(), **OPTIMIZER)
    expected["steps"] = []
    for _ in range(10):
        adam.zero_grad()
        loss = loss_of(model, batch)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        adam.step()
        expected["steps"].append({"loss": loss.item(), "norm": norm.item()})
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    for case in sys.argv[2:] or CASES:
        make(case, CASES[case], pathlib.Path(sys.argv[1]))
