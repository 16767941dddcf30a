"""check_saved.py FOLDER EXPECTED [FOLDER EXPECTED]...: transformers opens folders that film saved and computes the same
logits. The exit code is the number of folders of which it does not."""
import json
import sys

import torch
from transformers import MistralForCausalLM


def is_same(folder, expected):
    model, report = MistralForCausalLM.from_pretrained(folder, attn_implementation="eager", output_loading_info=True)
    assert not report["missing_keys"] and not report["unexpected_keys"] and not report["mismatched_keys"], report
    ids = torch.tensor(expected["sequences"][1][:-1]).unsqueeze(0)
    with torch.no_grad():
        logits = model.float().eval()(ids).logits[0]
    difference = (logits - torch.tensor(expected["logits"])).abs().max().item()
    print(f"{folder}: largest difference of a logit: {difference:.2e}")
    return difference < 2e-5


cases = list(zip(sys.argv[1::2], sys.argv[2::2]))
assert cases, __doc__
sys.exit(sum(not is_same(folder, json.load(open(expected))) for folder, expected in cases))
