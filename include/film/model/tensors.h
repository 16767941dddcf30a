#pragma once
// Everything that has one tensor per parameter: weights, their gradients, the optimizer's moments.
// D hidden, A query width (heads x head size), K 2 x key width, G 2 x feed-forward width, F feed-forward, V
// vocabulary.
#include <ATen/ATen.h>

#include <functional>
#include <string>
#include <vector>

#include "film/engine/model_config.h"

namespace film::model {

using at::Tensor;

// Keys and values are fused, gate and up are fused. Queries stand apart: in the last layer they are needed on
// answer rows only, keys and values on all.
struct LayerTensors {
  Tensor attention_norm_D, query_AD, key_value_KD, output_DA, mlp_norm_D, gate_up_GD, down_DF;
};

struct ModelTensors {
  Tensor embedding_VD;
  std::vector<LayerTensors> layers;
  Tensor norm_D;
  Tensor head_VD;  // the same tensor as embedding_VD when tied
};

// Uninitialised tensors of the model's shapes, with the type and device of `options` (a type alone: on the
// CPU).
ModelTensors empty_tensors(const engine::ModelConfig& config, const at::TensorOptions& options);
ModelTensors zero_tensors(const engine::ModelConfig& config, const at::TensorOptions& options);
// Tensors without memory: names and shapes alone.
ModelTensors shapes_of(const engine::ModelConfig& config);

// What a parameter is, for weight decay and learning rates.
enum class ParameterKind { embedding, norm, linear, head };

// Calls use(Hugging Face name, view, kind) for every parameter, each tied one once, in a fixed order.
void for_each_parameter(const ModelTensors& tensors, const engine::ModelConfig& config,
                        const std::function<void(const std::string&, Tensor, ParameterKind)>& use);

// The value that a parameter of a new model begins with, fp32, drawn by the counter-based generator: the same
// for the same seed everywhere. Parameter by parameter, so that no second model has to fit in memory.
Tensor initial_value(const engine::ModelConfig& config, const engine::InitSettings& init, std::uint64_t seed,
                     const std::string& name, at::IntArrayRef shape, ParameterKind kind);
// All of them.
ModelTensors initialise(const engine::ModelConfig& config, const engine::InitSettings& init,
                        std::uint64_t seed);

}  // namespace film::model
