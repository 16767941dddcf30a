// k questions on one context in one pass against k passes of their own, in fp64; and three wrong ways to
// share, each of which these comparisons must notice.
#include <gtest/gtest.h>

#include "../support/packs.h"
#include "random_model.h"

namespace film::model {
namespace {

using testing::named;
using testing::random_model;
using testing::small_config;

text::TokenIds random_ids(Random& random, std::int64_t n) {
  text::TokenIds ids;
  for (std::int64_t i = 0; i < n; ++i) ids.push_back(static_cast<text::TokenId>(random.below(37)));
  return ids;
}

struct Outcome {
  double loss = 0;
  ModelTensors gradients;
};

Outcome run(const engine::ModelConfig& config, const ModelTensors& weights,
            const std::vector<batches::Pack>& packs) {
  Outcome outcome{0, zero_tensors(config, at::kDouble)};
  for (const batches::Pack& pack : packs)
    outcome.loss += run_pack(config, weights, pack, &outcome.gradients).loss;
  return outcome;
}

// Largest difference of any gradient, relative to that gradient's largest value.
double difference(const engine::ModelConfig& config, const Outcome& a, const Outcome& b) {
  double most = std::abs(a.loss - b.loss);
  const auto left = named(a.gradients, config), right = named(b.gradients, config);
  for (std::size_t i = 0; i < left.size(); ++i)
    most = std::max(most,
                    ((left[i].second - right[i].second).abs().max() / (right[i].second.abs().max() + 1e-30))
                        .item<double>());
  return most;
}

struct Case {
  std::int64_t context;
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;  // question, answer
};

std::vector<batches::EncodedExample> examples_of(const Case& c) {
  Random random(13, "shared");
  batches::EncodedExample example{random_ids(random, c.context), {}};
  for (const auto& [question, answer] : c.pairs)
    example.pairs.push_back({random_ids(random, question), random_ids(random, answer)});
  return {example};
}

// One-token answers, unequal questions, and lengths on either side of the sizes that attention works in.
const Case kCases[] = {{1, {{1, 1}, {1, 1}}},
                       {30, {{4, 1}, {1, 1}, {17, 1}}},
                       {63, {{1, 64}, {64, 1}}},
                       {255, {{1, 2}, {40, 3}, {2, 90}, {5, 5}}},
                       {256, {{256, 1}, {255, 2}, {1, 257}}},
                       {257, {{3, 3}, {3, 3}, {3, 3}, {3, 3}, {3, 3}, {3, 3}, {3, 3}, {3, 3}}},
                       {1023, {{2, 2}, {600, 5}}}};

TEST(SharedContext, EqualsSeparatePasses) {
  for (const std::int64_t window : {0, 37})
    for (const engine::LossWeighting weighting :
         {engine::LossWeighting::sample, engine::LossWeighting::token})
      for (const Case& c : kCases) {
        const engine::ModelConfig config = small_config(4, 2, false, window);
        const ModelTensors weights = random_model(config, at::kDouble);
        const auto examples = examples_of(c);
        testing::Packing shared{.budget = 1 << 20, .weighting = weighting}, separate = shared;
        separate.share_context = false;
        separate.budget = 1;
        const auto together = testing::make_packs(examples, shared),
                   apart = testing::make_packs(examples, separate);
        ASSERT_EQ(together.size(), 1u);
        ASSERT_EQ(apart.size(), c.pairs.size());
        EXPECT_LT(difference(config, run(config, weights, together), run(config, weights, apart)), 1e-10)
            << "context " << c.context << ", window " << window;
      }
}

class WrongSharing : public ::testing::Test {
 protected:
  engine::ModelConfig config = small_config();
  ModelTensors weights = random_model(config, at::kDouble);
  batches::Pack pack =
      testing::make_packs(examples_of({30, {{4, 2}, {6, 3}, {5, 1}}}), {.budget = 1 << 20}).at(0);
  // The part that a wrong way must add at least to be told from rounding.
  void expect_noticed(const batches::Pack& wrong) {
    EXPECT_GT(difference(config, run(config, weights, {wrong}), run(config, weights, {pack})), 1e-3);
  }
};

TEST_F(WrongSharing, PositionsThatDoNotRestart) {
  batches::Pack wrong = pack;
  for (std::size_t i = 0; i < wrong.positions.size(); ++i) wrong.positions[i] = static_cast<std::int64_t>(i);
  expect_noticed(wrong);
}

TEST_F(WrongSharing, OneQuestionSeesAnother) {
  batches::Pack wrong = pack;
  std::vector<batches::Span>& own = wrong.groups[0].continuations;
  own[0].length += own[1].length;
  own.erase(own.begin() + 1);
  expect_noticed(wrong);
}

TEST_F(WrongSharing, AQuestionThatDoesNotSeeTheContext) {
  batches::Pack wrong = pack;
  batches::Group& group = wrong.groups[0];
  wrong.groups.push_back({{group.continuations[2].begin, 0}, {group.continuations[2]}});
  group.continuations.pop_back();
  expect_noticed(wrong);
}

// What one sequence holds does not reach another's gradient: with ids of their own, the embedding rows of the
// others keep every bit.
TEST(Neighbours, GradientsOfOthersKeepEveryBit) {
  const engine::ModelConfig config = small_config();
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    const ModelTensors weights = random_model(config, type);
    batches::Pack pack;
    Random random(5, "two");
    testing::add_group(pack, random, 18, 20, {4, 6}, 3);
    const auto border = static_cast<std::size_t>(pack.rows());
    testing::add_group(pack, random, 18, 35, {7}, 3);
    for (std::size_t row = border; row < pack.ids.size(); ++row) pack.ids[row] += 18;
    batches::Pack other = pack;
    for (std::size_t row = 0; row < border; ++row) other.ids[row] = (other.ids[row] + 1) % 18;
    ModelTensors before = zero_tensors(config, at::kFloat), after = zero_tensors(config, at::kFloat);
    const PackResult a = run_pack(config, weights, pack, &before),
                     b = run_pack(config, weights, other, &after);
    EXPECT_TRUE(at::equal(before.embedding_VD.narrow(0, 18, 18), after.embedding_VD.narrow(0, 18, 18)));
    EXPECT_FALSE(at::equal(before.embedding_VD.narrow(0, 0, 18), after.embedding_VD.narrow(0, 0, 18)));
    EXPECT_EQ(std::vector<double>(a.row_loss.end() - 3, a.row_loss.end()),
              std::vector<double>(b.row_loss.end() - 3, b.row_loss.end()));
  }
}

}  // namespace
}  // namespace film::model
