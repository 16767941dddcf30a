#pragma once
// One pass of rows through all layers, for generation: keys and values go into a cache on the way.
#include <functional>

#include "film/model/mistral.h"
#include "film/text/tokenizer.h"

namespace film::generation {

using at::Tensor;

struct Model {
  const engine::ModelConfig& config;
  const model::ModelTensors& weights;
  at::TensorOptions options() const { return weights.embedding_VD.options(); }
};

struct Rows {
  text::TokenIds ids;
  std::vector<std::int64_t> positions;
  void add(text::TokenId id, std::int64_t position);
  std::int64_t size() const { return static_cast<std::int64_t>(ids.size()); }
};

// Stores the keys and values of a layer and returns the attention of its queries, [Q, N, H].
using Attend = std::function<Tensor(std::size_t layer, const model::Projected& projected)>;

// The last layer's output for every row. keys_and_values: only these are wanted, so the last layer has no queries and
// nothing is returned.
enum class Wanted { hidden_states, keys_and_values };
Tensor forward(const Model& model, const Rows& rows, const Attend& attend,
               Wanted wanted = Wanted::hidden_states);

// A list of numbers where the model is.
Tensor numbers(const Model& model, const std::vector<std::int64_t>& list);

}  // namespace film::generation
