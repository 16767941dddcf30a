#pragma once
// Random small models and packs for tests.
#include "film/base/random.h"
#include "film/model/mistral.h"

namespace film::testing {

using at::Tensor;

inline engine::ModelConfig small_config(std::int64_t heads = 4, std::int64_t key_heads = 2, bool tied = false,
                                        std::int64_t window = 0) {
  engine::ModelConfig c;
  c.vocab_size = 37;
  c.hidden_size = 24;
  c.intermediate_size = 20;
  c.num_hidden_layers = 3;
  c.num_attention_heads = heads;
  c.num_key_value_heads = key_heads;
  c.head_dim = 6;
  c.rope_theta = 1e4;
  c.tie_word_embeddings = tied;
  c.sliding_window = window;
  return c;
}

inline model::ModelTensors random_model(const engine::ModelConfig& c, at::ScalarType type,
                                        std::uint64_t seed = 1) {
  engine::InitSettings init;
  init.linear_std = 0.3;
  init.embedding_std = 0.7;
  model::ModelTensors w = model::initialise(c, init, seed);
  model::ModelTensors typed = model::empty_tensors(c, type);
  Random random(seed, "norms");
  std::vector<Tensor> source;
  model::for_each_parameter(w, c, [&](const std::string&, Tensor x, model::ParameterKind kind) {
    if (kind == model::ParameterKind::norm)
      for (std::int64_t i = 0; i < x.numel(); ++i) x[i] = 1 + 0.3 * random.normal();
    source.push_back(x);
  });
  std::size_t i = 0;
  model::for_each_parameter(
      typed, c, [&](const std::string&, Tensor x, model::ParameterKind) { x.copy_(source[i++]); });
  return typed;
}

// Appends a group of random ids; every continuation gets `answers` loss rows at its end.
inline void add_group(batches::Pack& pack, Random& random, std::int64_t vocab, std::int64_t context,
                      const std::vector<std::int64_t>& continuations, std::int64_t answers) {
  const auto push = [&](std::int64_t position) {
    pack.ids.push_back(static_cast<text::TokenId>(random.below(static_cast<std::uint64_t>(vocab))));
    pack.positions.push_back(position);
  };
  batches::Group group;
  group.context = {pack.rows(), context};
  for (std::int64_t i = 0; i < context; ++i) push(i);
  for (const std::int64_t length : continuations) {
    const batches::Span continuation{pack.rows(), length};
    for (std::int64_t i = 0; i < length; ++i) push(context + i);
    for (std::int64_t row = std::max(continuation.begin, continuation.end() - answers);
         row < continuation.end(); ++row) {
      pack.loss_rows.push_back(row);
      pack.targets.push_back(static_cast<text::TokenId>(random.below(static_cast<std::uint64_t>(vocab))));
      pack.weights.push_back(0.1 + random.uniform());
      pack.pairs.push_back(pack.pair_count);
    }
    ++pack.pair_count;
    group.continuations.push_back(continuation);
  }
  pack.groups.push_back(group);
}

inline std::vector<std::pair<std::string, Tensor>> named(const model::ModelTensors& t,
                                                         const engine::ModelConfig& c) {
  std::vector<std::pair<std::string, Tensor>> list;
  model::for_each_parameter(
      t, c, [&](const std::string& name, Tensor x, model::ParameterKind) { list.emplace_back(name, x); });
  return list;
}

}  // namespace film::testing
