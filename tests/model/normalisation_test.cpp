// One step, however it is cut into packs: 128 examples whose answers have 1 to 400 tokens give the same loss
// and gradient under any packing, order of accumulation and padding. A mean over packs, or over the tokens of
// a pack, would not.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "invariance.h"

namespace film::model {
namespace {

using testing::expect_equal;
using testing::Outcome;
using testing::random_model;
using testing::run;
using testing::small_config;

// One pair each. Answer lengths are log-uniform, so that most are short and a few hold most of the tokens;
// both ends of 1 to 400 occur.
std::vector<batches::EncodedExample> step_of_128(std::int64_t vocab) {
  std::vector<batches::EncodedExample> step = testing::random_examples(vocab, 128, 400, 60);
  Random random(6, "lengths");
  for (batches::EncodedExample& example : step) {
    example.pairs.resize(1);
    text::TokenIds& answer = example.pairs[0].answer;
    answer.resize(static_cast<std::size_t>(std::exp(random.uniform() * std::log(400.0))), 9);
  }
  step[5].pairs[0].answer.resize(1);
  step[77].pairs[0].answer.resize(400, 9);
  return step;
}

class Normalisation : public ::testing::TestWithParam<engine::LossWeighting> {
 protected:
  static engine::ModelConfig config() {
    engine::ModelConfig config = small_config();
    config.num_hidden_layers = 2;
    return config;
  }
};

TEST_P(Normalisation, DoesNotDependOnThePacking) {
  const ModelTensors weights = random_model(config(), at::kDouble);
  const auto step = step_of_128(config().vocab_size);
  const auto packs = [&](std::int64_t budget, bool pad = false) {
    return testing::make_packs(step, {budget, GetParam(), true, pad});
  };
  const Outcome whole = run(config(), weights, packs(1 << 20));
  ASSERT_EQ(packs(1 << 20).size(), 1u);
  for (const std::int64_t budget : {1, 500, 5000})
    expect_equal(config(), whole, run(config(), weights, packs(budget)),
                 "budget " + std::to_string(budget) + ", " + std::to_string(packs(budget).size()) + " packs");
  auto backwards = packs(1000);
  std::ranges::reverse(backwards);
  expect_equal(config(), whole, run(config(), weights, backwards), "last pack first");
  expect_equal(config(), whole, run(config(), weights, packs(3000, true)), "padded");
}

// What any packing is held against: each example alone, its mean loss weighed as the weighting says.
TEST_P(Normalisation, IsTheMeanThatTheWeightingNames) {
  const ModelTensors weights = random_model(config(), at::kDouble);
  const auto step = step_of_128(config().vocab_size);
  double sum_of_means = 0, sum = 0, tokens = 0;
  for (const batches::EncodedExample& example : step) {
    const batches::Pack alone = testing::make_packs({example}, {}).at(0);
    const PackResult result = run_pack(config(), weights, alone, nullptr);
    double total = 0;
    for (const double loss : result.row_loss) total += loss;
    sum_of_means += total / static_cast<double>(result.row_loss.size());
    sum += total;
    tokens += static_cast<double>(result.row_loss.size());
  }
  const double expected = GetParam() == engine::LossWeighting::sample ? sum_of_means / 128 : sum / tokens;
  double got = 0;
  for (const batches::Pack& pack : testing::make_packs(step, {4000, GetParam()}))
    got += run_pack(config(), weights, pack, nullptr).loss;
  EXPECT_NEAR(got, expected, 1e-11);
}

INSTANTIATE_TEST_SUITE_P(Weightings, Normalisation,
                         ::testing::Values(engine::LossWeighting::sample, engine::LossWeighting::token));

}  // namespace
}  // namespace film::model
