// The KV cache against the plain forward pass: same ids, same log-likelihoods.
#include "film/generation/cached_model.h"

#include <gtest/gtest.h>

#include "../model/random_model.h"
#include "film/base/error.h"

namespace film::generation {
namespace {

using at::Tensor;
using engine::Completion;
using engine::Decoding;
using engine::Prompt;
using testing::random_model;
using testing::small_config;
using text::TokenId;
using text::TokenIds;

// Logits of the last row of one plain sequence.
Tensor last_logits(const engine::ModelConfig& config, const model::ModelTensors& weights,
                   const TokenIds& ids) {
  batches::Pack pack;
  pack.ids = ids;
  for (std::int64_t i = 0; i < pack.rows(); ++i) pack.positions.push_back(i);
  pack.groups = {{{0, pack.rows()}, {}}};
  return model::all_logits(config, weights, pack)[-1];
}

TokenIds joined(const std::span<const TokenId>& a, const TokenIds& b) {
  TokenIds ids(a.begin(), a.end());
  ids.insert(ids.end(), b.begin(), b.end());
  return ids;
}

std::vector<TokenIds> ids_of(const std::vector<Completion>& completions) {
  std::vector<TokenIds> lists;
  for (const Completion& completion : completions) lists.push_back(completion.ids);
  return lists;
}

class Cached : public ::testing::TestWithParam<std::int64_t> {
 protected:
  std::vector<Prompt> prompts(std::span<const TokenId> prefix) const {
    return {{prefix, {3, 4}, 0}, {prefix, {11}, 1}, {prefix, {8, 8, 8, 20}, 2}};
  }
  engine::ModelConfig config_ = small_config(4, 2, false, GetParam());
  model::ModelTensors weights_ = random_model(config_, at::kFloat);
  CachedModel model_{config_, weights_};
  TokenIds prefix_ = {1, 5, 9, 30, 2, 7, 7}, other_prefix_ = {2, 9};
  Decoding decoding_{.max_new_tokens = 9};
};

TEST_P(Cached, GreedyEqualsPlain) {
  for (const TokenIds& prefix : {prefix_, TokenIds{}}) {
    const std::vector<Prompt> asked = prompts(prefix);
    const std::vector<Completion> completions = model_.generate(asked, decoding_);
    for (std::size_t p = 0; p < asked.size(); ++p) {
      TokenIds ids = joined(prefix, asked[p].ids);
      ASSERT_EQ(completions[p].ids.size(), 9u);
      EXPECT_EQ(completions[p].end, Completion::End::length);
      for (const TokenId id : completions[p].ids) {
        ASSERT_EQ(id, last_logits(config_, weights_, ids).argmax().item<std::int64_t>());
        ids.push_back(id);
      }
    }
  }
}

TEST_P(Cached, LongAndShortPromptsTogether) {
  decoding_.max_new_tokens = 30;
  // The CPU's fused attention works in blocks of 512 keys: of the short one's own keys the second is all masked.
  const std::vector<Prompt> both = {{prefix_, {3, 4}, 0}, {prefix_, TokenIds(495, 6), 1}};
  const std::vector<TokenIds> ids = ids_of(model_.generate(both, decoding_));
  for (std::size_t p = 0; p < both.size(); ++p) {
    const TokenIds whole = joined(joined(prefix_, both[p].ids), ids[p]);
    for (const std::size_t made : {0u, 1u, 16u, 17u, 18u, 29u}) {
      const TokenIds before(whole.begin(), whole.end() - 30 + static_cast<std::ptrdiff_t>(made));
      EXPECT_EQ(ids[p][made], last_logits(config_, weights_, before).argmax().item<std::int64_t>()) << made;
    }
  }
}

TEST_P(Cached, PromptsOfSeveralPrefixesAreGrouped) {
  std::vector<Prompt> all = prompts(prefix_);
  const TokenIds copy = prefix_;  // equal ids elsewhere are the same prefix
  all.push_back({copy, {5}, 3});
  all.push_back({other_prefix_, {5}, 4});
  all.push_back({{}, {1, 2}, 5});
  const std::vector<TokenIds> together = ids_of(model_.generate(all, decoding_));
  for (std::size_t p = 0; p < all.size(); ++p)
    EXPECT_EQ(together[p], ids_of(model_.generate(std::span(all).subspan(p, 1), decoding_))[0]);
}

TEST_P(Cached, StopsAtAnyStopId) {
  const auto free_run = ids_of(model_.generate(prompts(prefix_), decoding_));
  decoding_.stop = {free_run[1][4], free_run[2][6]};
  const auto completions = model_.generate(prompts(prefix_), decoding_);
  for (std::size_t p = 0; p < completions.size(); ++p) {
    const auto stop = std::ranges::find_first_of(free_run[p], decoding_.stop);
    EXPECT_EQ(completions[p].ids, TokenIds(free_run[p].begin(), stop));
    EXPECT_EQ(completions[p].end == Completion::End::stop, stop != free_run[p].end());
  }
}

TEST_P(Cached, TheCallerMayEndASequence) {
  const auto free_run = ids_of(model_.generate(prompts(prefix_), decoding_));
  decoding_.ends = [](std::size_t prompt, const TokenIds& ids) { return prompt == 1 && ids.size() == 3; };
  const auto completions = model_.generate(prompts(prefix_), decoding_);
  EXPECT_EQ(completions[0].ids, free_run[0]);
  EXPECT_EQ(completions[1].ids, TokenIds(free_run[1].begin(), free_run[1].begin() + 3));
  EXPECT_EQ(completions[1].end, Completion::End::stop);
}

TEST_P(Cached, LogLikelihoodsOfContinuations) {
  std::vector<Prompt> asked = prompts(prefix_);
  asked.push_back({other_prefix_, {5}, 3});
  const std::vector<TokenIds> continuations = {{4, 6}, {1}, {9, 9, 2}, {7, 1}};
  const auto sums = model_.log_likelihood(asked, continuations);
  for (std::size_t p = 0; p < sums.size(); ++p) {
    TokenIds ids = joined(asked[p].prefix, asked[p].ids);
    double expected = 0;
    for (const TokenId id : continuations[p]) {
      expected += last_logits(config_, weights_, ids).log_softmax(-1)[id].item<double>();
      ids.push_back(id);
    }
    EXPECT_NEAR(sums[p], expected, 1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(Windows, Cached, ::testing::Values(0, 4));

TEST(CachedModel, Bfloat16IsNearFloat32) {
  const engine::ModelConfig config = small_config();
  const model::ModelTensors weights = random_model(config, at::kBFloat16);
  model::ModelTensors wide = model::empty_tensors(config, at::kFloat);
  std::vector<Tensor> source;
  model::for_each_parameter(weights, config,
                            [&](const std::string&, Tensor x, model::ParameterKind) { source.push_back(x); });
  std::size_t next = 0;
  model::for_each_parameter(
      wide, config, [&](const std::string&, Tensor x, model::ParameterKind) { x.copy_(source[next++]); });
  CachedModel narrow_model(config, weights), wide_model(config, wide);
  const TokenIds prefix = {1, 5, 9, 30, 2, 7, 7};
  std::vector<Prompt> prompts;
  std::vector<TokenIds> continuations;
  for (TokenId id = 0; id < 37; ++id) {
    prompts.push_back({prefix, {3, 4}, 0});
    continuations.push_back({id});
  }
  const auto rough = narrow_model.log_likelihood(prompts, continuations),
             exact = wide_model.log_likelihood(prompts, continuations);
  double largest = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) largest = std::max(largest, std::abs(rough[i] - exact[i]));
  EXPECT_GT(largest, 0) << "the narrow model computes in bfloat16";
  EXPECT_LT(largest, 0.2);
  // Decoding walks the cache in the same type: its first id is nearly the best one.
  const TokenId chosen = narrow_model.generate(std::span(prompts).first(1), {.max_new_tokens = 3})[0].ids[0];
  EXPECT_GT(exact[static_cast<std::size_t>(chosen)], *std::ranges::max_element(exact) - 0.2);
  EXPECT_TRUE(narrow_model.describe().ends_with("bf16 on CPU")) << narrow_model.describe();
  EXPECT_TRUE(wide_model.describe().ends_with("fp32 on CPU")) << wide_model.describe();
}

TEST(CachedModel, RefusesWhatDoesNotFit) {
  engine::ModelConfig config = small_config();
  config.max_position_embeddings = 10;
  CachedModel model(config, random_model(config, at::kFloat));
  const TokenIds prefix = {1, 2, 3, 4, 5};
  const std::vector<Prompt> prompts = {{prefix, {1, 2, 3}, 0}};
  try {
    model.generate(prompts, {.max_new_tokens = 4});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("12 tokens"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace film::generation
