#pragma once
// The packs and the optimizer of data/parity (tests/golden/make_parity.py).
#include "film/base/json.h"
#include "film/batches/pack.h"
#include "film/engine/train_settings.h"

namespace film::testing {

// All sequences in one pack: without contexts, the answers at the end of each continuation,
// loss weighting "sample".
inline batches::Pack parity_pack(const Json& expected) {
  batches::Pack p;
  const auto sequences = expected.at("sequences").get<std::vector<std::vector<int>>>();
  const auto answers = expected.at("answers").get<std::vector<std::int64_t>>();
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    const auto length = static_cast<std::int64_t>(sequences[s].size()) - 1;
    const batches::Span continuation{p.rows(), length};
    for (std::int64_t i = 0; i < length; ++i) {
      p.ids.push_back(sequences[s][static_cast<std::size_t>(i)]);
      p.positions.push_back(i);
    }
    for (std::int64_t i = length - answers[s]; i < length; ++i) {
      p.loss_rows.push_back(continuation.begin + i);
      p.targets.push_back(sequences[s][static_cast<std::size_t>(i + 1)]);
      p.weights.push_back(1.0 / static_cast<double>(answers[s]) / static_cast<double>(sequences.size()));
      p.pairs.push_back(static_cast<std::int32_t>(s));
    }
    p.groups.push_back({{continuation.begin, 0}, {continuation}});
  }
  p.pair_count = static_cast<std::int32_t>(sequences.size());
  return p;
}

// The optimizer that transformers' ten steps were taken with.
inline engine::OptimizerSettings parity_optimizer(const Json& expected) {
  const Json& adam = expected.at("optimizer");
  engine::OptimizerSettings settings;
  settings.beta1 = adam.at("betas").at(0);
  settings.beta2 = adam.at("betas").at(1);
  settings.epsilon = adam.at("eps");
  settings.weight_decay = adam.at("weight_decay");
  settings.clip = expected.at("clip");
  return settings;
}

}  // namespace film::testing
