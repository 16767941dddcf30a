"""Writes data/parity/greedy.json: what transformers' greedy decoding makes of prompts, for the models of make_parity.py.

  $FILM_TEST_PYTHON tests/golden/make_greedy.py data/parity
"""
import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM

PREFIX, SUFFIXES, NEW = 43, (1, 3, 8, 5), 24
TIE = 1e-3  # two logits nearer than this could change places by rounding: such prompts are drawn again


def greedy(model, ids):
    """New ids, and how far the best logit was ahead of the second at the least."""
    out = model.generate(torch.tensor([ids]), max_new_tokens=NEW, do_sample=False, eos_token_id=None, pad_token_id=0,
                         output_logits=True, return_dict_in_generate=True)
    best = [step[0].topk(2).values for step in out.logits]
    return out.sequences[0, len(ids):].tolist(), min(float(b[0] - b[1]) for b in best)


def case(folder):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    draw = torch.Generator().manual_seed(11)
    ids = lambda n: torch.randint(0, model.config.vocab_size, (n,), generator=draw).tolist()
    prefix, rows = ids(PREFIX), []
    for length in SUFFIXES:
        while True:
            suffix = ids(length)
            made, gap = greedy(model, prefix + suffix)
            if gap > TIE:
                break
        rows.append({"suffix": suffix, "new": made})
    return {"prefix": prefix, "rows": rows}


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    made = {folder.name: case(folder) for folder in sorted(root.iterdir()) if (folder / "config.json").exists()}
    (root / "greedy.json").write_text(json.dumps(made) + "\n")
