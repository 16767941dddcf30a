"""check_saved.py FOLDER EXPECTED: transformers opens a folder that film saved and computes the same logits."""
import json
import sys

import torch
from transformers import MistralForCausalLM

expected = json.load(open(sys.argv[2]))
model, report = MistralForCausalLM.from_pretrained(sys.argv[1], attn_implementation="eager", output_loading_info=True)
assert not report["missing_keys"] and not report["unexpected_keys"] and not report["mismatched_keys"], report
ids = torch.tensor(expected["sequences"][1][:-1]).unsqueeze(0)
with torch.no_grad():
    logits = model.float().eval()(ids).logits[0]
difference = (logits - torch.tensor(expected["logits"])).abs().max().item()
print(f"largest difference of a logit: {difference:.2e}")
sys.exit(0 if difference < 2e-5 else 1)
