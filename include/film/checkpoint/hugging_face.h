#pragma once
// Hugging Face folders: the only weight format. transformers, vLLM and llama.cpp's converter open what is
// written. Besides the tensors of their arguments, loading and saving hold pieces of a tensor.
#include "film/checkpoint/safetensors.h"
#include "film/model/tensors.h"

namespace film::checkpoint {

// Views of the parameters under their Hugging Face names, in the order of for_each_parameter.
NamedTensors named_tensors(const model::ModelTensors& tensors, const engine::ModelConfig& config);

// Weights of a folder as `type`. Sharded or single safetensors; every tensor the config asks for must be
// there with its shape, and nothing else. Throws no_input (with what to do about .bin-only and git-lfs
// folders), bad_data. To bf16 ties are rounded away from zero.
model::ModelTensors load_weights(const fs::path& folder, const engine::ModelConfig& config,
                                 at::ScalarType type);

// The same into tensors of the caller, of any type and device. With `remainder` (int16 tensors, named and
// ordered as by named_tensors) the weights are bf16 and the remainders receive what rounding left over
// (kernels.h, split_master): 0 where the stored weights are bf16.
void load_weights(const fs::path& folder, const engine::ModelConfig& config,
                  const model::ModelTensors& weights, const NamedTensors& remainder = {},
                  const Release& release = {});

inline constexpr std::uint64_t kShardBytes = 5'000'000'000;

// config.json, generation_config.json, model*.safetensors (shards of at most `shard_bytes`), tokenizer files
// when `tokenizer` is not empty. Returns the file names written, in order. `remainder`: of bf16 weights that
// have fp32 masters; saved as fp32, the masters are what is written.
std::vector<fs::path> save_weights(const fs::path& folder, const engine::ModelConfig& config,
                                   const model::ModelTensors& weights, at::ScalarType type,
                                   const fs::path& tokenizer, std::uint64_t shard_bytes = kShardBytes,
                                   const NamedTensors& remainder = {});

}  // namespace film::checkpoint
