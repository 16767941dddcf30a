"""Exits 0 when the test-only Python packages work together: one tiny Mistral, forward and backward, on CPU."""
import numpy
import openai
import pyarrow.parquet
import safetensors.torch
import sentencepiece
import torch
import transformers
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

config = transformers.MistralConfig(
    vocab_size=64, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
    num_attention_heads=4, num_key_value_heads=2, attn_implementation="eager")
model = transformers.MistralForCausalLM(config)
ids = torch.arange(16).reshape(1, 16)
loss = model(ids, labels=ids).loss
loss.backward()
assert torch.isfinite(loss)
print("torch", torch.__version__, "transformers", transformers.__version__, "numpy", numpy.__version__,
      "sentencepiece", sentencepiece.__version__,
      "openai", openai.__version__, "pyarrow", pyarrow.__version__, safetensors.__name__, EventFileLoader.__name__)
