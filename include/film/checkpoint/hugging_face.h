#pragma once
// Hugging Face folders: the only weight format. transformers, vLLM and llama.cpp's converter open what is
// written.
#include "film/checkpoint/safetensors.h"
#include "film/model/tensors.h"

namespace film {

// Weights of a folder as `type`. Sharded or single safetensors; every tensor the config asks for must be
// there with its shape, and nothing else. Throws no_input (with what to do about .bin-only and git-lfs
// folders), bad_data.
ModelTensors load_weights(const fs::path& folder, const ModelConfig& config, at::ScalarType type);

// config.json, generation_config.json, model*.safetensors (shards of at most `shard_bytes`), tokenizer files
// when `tokenizer` is not empty. Returns the file names written, in order.
std::vector<fs::path> save_weights(const fs::path& folder, const ModelConfig& config,
                                   const ModelTensors& weights, at::ScalarType type,
                                   const fs::path& tokenizer, std::uint64_t shard_bytes = 5'000'000'000);

}  // namespace film
