#pragma once
// Hugging Face folders: the only weight format. transformers, vLLM and llama.cpp's converter open what is
// written. Besides the tensors of their arguments, loading and saving hold pieces of a tensor.
#include "film/checkpoint/masters.h"

namespace film::checkpoint {

// Weights of a folder, with type and device of `options` (a type alone: on the CPU). Sharded or single
// safetensors; every tensor that the config asks for must be there with its shape, and nothing else.
// Throws no_input (with what to do about .bin-only and git-lfs folders), bad_data. To bf16 ties are
// rounded away from zero.
model::ModelTensors load_weights(const fs::path& folder, const engine::ModelConfig& config,
                                 const at::TensorOptions& options);

// The same into parameters of the caller, of any type and device. With `remainders` (int16, named and ordered
// as the parameters) the weights are bf16 and the remainders receive what rounding left over (kernels.h,
// split_master): 0 where the stored weights are bf16. stored_remainders: files that have the low bits of the
// folder's bf16 weights, or null.
void load_weights(const fs::path& folder, const model::ParameterList& parameters,
                  const std::vector<StoredTensor>& remainders = {},
                  const StateFiles* stored_remainders = nullptr);

inline constexpr std::uint64_t kShardBytes = 5'000'000'000;

// config.json, generation_config.json, model*.safetensors (shards of at most `shard_bytes`), tokenizer files
// when `tokenizer` is not empty. Returns the file names written, in order. `remainders`: of bf16 weights that
// have fp32 masters; saved as fp32, the masters are what is written.
std::vector<fs::path> save_weights(const fs::path& folder, const engine::ModelConfig& config,
                                   const model::ParameterList& parameters, at::ScalarType type,
                                   const fs::path& tokenizer, std::uint64_t shard_bytes = kShardBytes,
                                   const std::vector<StoredTensor>& remainders = {},
                                   const engine::FolderOrigin& origin = {});

}  // namespace film::checkpoint
