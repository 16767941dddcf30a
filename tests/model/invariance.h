#pragma once
// Whole steps of a small model, run in ways that must not differ.
#include <gtest/gtest.h>

#include "../support/packs.h"
#include "random_model.h"

namespace film::testing {

// Examples of uneven lengths, with 1 to 4 pairs each; answers of 1 to `longest_answer` tokens.
inline std::vector<batches::EncodedExample> random_examples(std::int64_t vocab, std::size_t count,
                                                            std::uint64_t longest_answer,
                                                            std::uint64_t longest_context = 11) {
  std::vector<batches::EncodedExample> examples;
  Random random(11, "examples");
  const auto ids = [&](std::uint64_t n) {
    text::TokenIds list;
    for (std::uint64_t i = 0; i < n; ++i)
      list.push_back(static_cast<text::TokenId>(random.below(static_cast<std::uint64_t>(vocab))));
    return list;
  };
  for (std::size_t e = 0; e < count; ++e) {
    batches::EncodedExample example{ids(random.below(longest_context + 1)), {}};
    const std::uint64_t pairs = 1 + random.below(4);
    for (std::uint64_t p = 0; p < pairs; ++p)
      example.pairs.push_back({ids(1 + random.below(5)), ids(1 + random.below(longest_answer))});
    examples.push_back(example);
  }
  return examples;
}

struct Outcome {
  double loss = 0;
  model::ModelTensors gradients;
};

inline Outcome run(const engine::ModelConfig& config, const model::ModelTensors& weights,
                   const std::vector<batches::Pack>& packs, bool answer_rows = true) {
  Outcome outcome{0, model::zero_tensors(config, weights.embedding_VD.scalar_type())};
  for (const batches::Pack& pack : packs)
    outcome.loss += model::run_pack(config, weights, pack, &outcome.gradients, {answer_rows}).loss;
  return outcome;
}

// Losses, and gradients relative to the largest of their tensor.
inline void expect_equal(const engine::ModelConfig& config, const Outcome& a, const Outcome& b,
                         const std::string& what) {
  EXPECT_NEAR(a.loss, b.loss, 1e-11) << what;
  const auto left = named(a.gradients, config), right = named(b.gradients, config);
  for (std::size_t i = 0; i < left.size(); ++i) {
    const double scale = left[i].second.abs().max().item<double>() + 1e-30;
    EXPECT_LT((left[i].second - right[i].second).abs().max().item<double>() / scale, 1e-10)
        << what << " " << left[i].first;
  }
}

}  // namespace film::testing
