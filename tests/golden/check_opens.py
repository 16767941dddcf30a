"""check_opens.py FOLDER SAMPLES: transformers opens a folder that film saved as bfloat16 and finds the same bits, every
9973rd value of each parameter (SAMPLES: a JSON object of lists)."""
import json
import sys

import torch
from transformers import MistralForCausalLM

samples = json.load(open(sys.argv[2]))
model, report = MistralForCausalLM.from_pretrained(sys.argv[1], dtype=torch.bfloat16, output_loading_info=True)
assert not report["missing_keys"] and not report["unexpected_keys"] and not report["mismatched_keys"], report
parameters = dict(model.named_parameters())
assert parameters.keys() == samples.keys(), parameters.keys() ^ samples.keys()
for name, expected in samples.items():
    found = parameters[name].detach().view(torch.int16).flatten()[::9973]
    assert found.tolist() == expected, f"{name} has other bits"
print(f"{sum(map(len, samples.values()))} values of {len(samples)} parameters are the same")
