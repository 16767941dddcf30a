#pragma once
// The tensors of a model, or of its gradients: views of one flat buffer. D hidden, A query width (heads x
// head size), K 2 x key width, G 2 x feed-forward width, F feed-forward width, V vocabulary.
#include <ATen/ATen.h>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/engine/model_config.h"
#include "film/model/linear.h"

namespace film::model {

// Keys and values are fused, gate and up are fused. Queries are separate: the last layer needs them on answer
// rows only, keys and values on all.
struct LayerTensors {
  Tensor attention_norm_D;
  Linear query;      // [A, D]
  Linear key_value;  // [K, D]
  Linear output;     // [D, A]
  Tensor mlp_norm_D;
  Linear gate_up;  // [G, D]
  Linear down;     // [D, F]
};

struct ModelTensors {
  Tensor embedding_VD;
  std::vector<LayerTensors> layers;
  Tensor norm_D;
  Linear head;  // [V, D]; the same tensor as embedding_VD when tied
  Tensor flat;  // the memory of all of them, in this order, each beginning at a multiple of kTensorAlignment
};

// Elements. What lies between two tensors is zero and belongs to no parameter.
inline constexpr std::int64_t kTensorAlignment = 64;

// Uninitialised tensors of the model's shapes, with the type and device of `options` (a type alone:
// on the CPU).
ModelTensors empty_tensors(const engine::ModelConfig& config, const at::TensorOptions& options);
ModelTensors zero_tensors(const engine::ModelConfig& config, const at::TensorOptions& options);

// Every tensor as it is stored, fused ones whole, a tied head once, in memory order.
void for_each_tensor(ModelTensors& tensors, const std::function<void(Tensor&)>& use);

// What a parameter is, for weight decay and learning rates.
enum class ParameterKind { embedding, norm, linear, head };
constexpr auto enum_names(ParameterKind) {
  using enum ParameterKind;
  return std::array{EnumName{embedding, "embedding"}, EnumName{norm, "norm"}, EnumName{linear, "linear"},
                    EnumName{head, "head"}};
}

// Calls use(Hugging Face name, view, kind) for every parameter, a tied one once, in memory order.
void for_each_parameter(const ModelTensors& tensors, const engine::ModelConfig& config,
                        const std::function<void(const std::string&, Tensor, ParameterKind)>& use);

// The layer that a parameter of such a name belongs to, if to any.
std::optional<std::size_t> layer_of(const std::string& parameter);

// The value that a parameter of a new model begins with, fp32, drawn by the counter-based generator: the same
// for the same seed everywhere. Parameter by parameter, so that no second model has to fit in memory.
Tensor initial_value(const engine::InitSettings& init, std::uint64_t seed, const std::string& name,
                     at::IntArrayRef shape, ParameterKind kind);
// A whole new model in fp32.
ModelTensors initialise(const engine::ModelConfig& config, const engine::InitSettings& init,
                        std::uint64_t seed);

}  // namespace film::model
