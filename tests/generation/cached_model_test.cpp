// The KV cache against the plain forward pass: same ids, same log-probabilities.
#include "film/generation/cached_model.h"

#include <gtest/gtest.h>

#include "../model/random_model.h"
#include "film/base/error.h"

namespace film::generation {
namespace {

using testing::random_model;
using testing::small_config;

// Logits of the last row of one plain sequence.
Tensor last_logits(const engine::ModelConfig& config, const model::ModelTensors& weights,
                   const text::TokenIds& ids) {
  batches::Pack pack;
  pack.ids = ids;
  for (std::int64_t i = 0; i < pack.rows(); ++i) pack.positions.push_back(i);
  pack.groups = {{{0, pack.rows()}, {}}};
  return model::all_logits(config, weights, pack)[-1];
}

text::TokenIds joined(text::TokenIds a, const text::TokenIds& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

class Cached : public ::testing::TestWithParam<std::int64_t> {
 protected:
  engine::ModelConfig config_ = small_config(4, 2, false, GetParam());
  model::ModelTensors weights_ = random_model(config_, at::kFloat);
  engine::GenerationRequest request_{.prefix = {1, 5, 9, 30, 2, 7, 7},
                                     .suffixes = {{3, 4}, {11}, {8, 8, 8, 20}},
                                     .max_new_tokens = 9,
                                     .stop = -1};
};

TEST_P(Cached, GreedyEqualsPlain) {
  for (const text::TokenIds& prefix : {request_.prefix, text::TokenIds{}}) {
    request_.prefix = prefix;
    const auto outputs = CachedModel(config_, weights_).generate(request_);
    for (std::size_t s = 0; s < outputs.size(); ++s) {
      text::TokenIds ids = joined(prefix, request_.suffixes[s]);
      ASSERT_EQ(outputs[s].size(), 9u);
      for (const text::TokenId id : outputs[s]) {
        ASSERT_EQ(id, last_logits(config_, weights_, ids).argmax().item<std::int64_t>());
        ids.push_back(id);
      }
    }
  }
}

TEST_P(Cached, StopsAtTheStopId) {
  const auto free_run = CachedModel(config_, weights_).generate(request_);
  request_.stop = free_run[1][4];
  const auto outputs = CachedModel(config_, weights_).generate(request_);
  for (std::size_t s = 0; s < outputs.size(); ++s) {
    const auto stop = std::find(free_run[s].begin(), free_run[s].end(), request_.stop);
    EXPECT_EQ(outputs[s], text::TokenIds(free_run[s].begin(), stop));
  }
}

TEST_P(Cached, ScoresAreLogProbabilities) {
  const std::vector<text::TokenIds> continuations = {{4, 6}, {1}, {9, 9, 2}};
  const auto scores = CachedModel(config_, weights_).score(request_, continuations);
  for (std::size_t s = 0; s < scores.size(); ++s) {
    text::TokenIds ids = joined(request_.prefix, request_.suffixes[s]);
    double expected = 0;
    for (const text::TokenId id : continuations[s]) {
      expected += last_logits(config_, weights_, ids).log_softmax(-1)[id].item<double>();
      ids.push_back(id);
    }
    EXPECT_NEAR(scores[s], expected, 1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(Windows, Cached, ::testing::Values(0, 4));

TEST(CachedModel, RefusesWhatDoesNotFit) {
  engine::ModelConfig config = small_config();
  config.max_position_embeddings = 10;
  CachedModel model(config, random_model(config, at::kFloat));
  engine::GenerationRequest request{
      .prefix = {1, 2, 3, 4, 5}, .suffixes = {{1, 2, 3}}, .max_new_tokens = 4, .stop = 2};
  try {
    model.generate(request);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("12 tokens"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace film::generation
