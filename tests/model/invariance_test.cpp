// What must not change the loss or a gradient: packing, accumulation, sharing a context, running the head on
// all rows, and anything a neighbour holds.
#include "invariance.h"

#include <gtest/gtest.h>

namespace film::model {
namespace {

using testing::expect_equal;
using testing::Outcome;
using testing::random_examples;
using testing::random_model;
using testing::run;
using testing::small_config;

class Invariance : public ::testing::TestWithParam<engine::LossWeighting> {};

TEST_P(Invariance, PackingAccumulationSharingAndHeadRows) {
  const engine::ModelConfig config = small_config();
  const ModelTensors weights = random_model(config, at::kDouble);
  const auto examples = random_examples(config.vocab_size, 24, 9);
  const auto packs = [&](std::int64_t budget, bool share) {
    return testing::make_packs(examples, {budget, GetParam(), share});
  };
  const Outcome together = run(config, weights, packs(1 << 20, true));
  ASSERT_EQ(packs(1 << 20, true).size(), 1u);
  ASSERT_EQ(packs(1, true).size(), examples.size());
  expect_equal(config, together, run(config, weights, packs(1, true)), "unpacked");
  expect_equal(config, together, run(config, weights, packs(60, true)), "accumulated");
  expect_equal(config, together, run(config, weights, packs(1 << 20, false)), "separate contexts, packed");
  expect_equal(config, together, run(config, weights, packs(1, false)), "separate contexts, unpacked");
  expect_equal(config, together, run(config, weights, packs(1 << 20, true), false), "full head");
}

INSTANTIATE_TEST_SUITE_P(Weightings, Invariance,
                         ::testing::Values(engine::LossWeighting::sample, engine::LossWeighting::token));

// The same through a sliding window, where a shared context is seen in part only.
TEST(Window, SharedEqualsSeparate) {
  const engine::ModelConfig config = small_config(4, 2, false, 7);
  const ModelTensors weights = random_model(config, at::kDouble);
  const auto examples = random_examples(config.vocab_size, 12, 9);
  expect_equal(
      config,
      run(config, weights, testing::make_packs(examples, {1 << 20, engine::LossWeighting::sample, true})),
      run(config, weights, testing::make_packs(examples, {1, engine::LossWeighting::sample, false})),
      "window");
}

// Changing every token of one sequence leaves the losses of the others bitwise unchanged.
TEST(Neighbours, AreNotSeen) {
  const engine::ModelConfig config = small_config();
  const ModelTensors weights = random_model(config, at::kFloat);
  const auto examples = random_examples(config.vocab_size, 6, 5);
  const batches::Pack pack =
      testing::make_packs(examples, {1 << 20, engine::LossWeighting::sample, true}).at(0);
  const PackResult before = run_pack(config, weights, pack, nullptr);
  for (const batches::Group& changed : pack.groups) {
    batches::Pack other = pack;
    for (std::int64_t row = changed.context.begin; row < changed.end(); ++row) {
      text::TokenId& id = other.ids[static_cast<std::size_t>(row)];
      id = static_cast<text::TokenId>((id + 1) % config.vocab_size);
    }
    const PackResult after = run_pack(config, weights, other, nullptr);
    for (std::size_t r = 0; r < pack.loss_rows.size(); ++r) {
      const bool inside = pack.loss_rows[r] >= changed.context.begin && pack.loss_rows[r] < changed.end();
      if (!inside) {
        EXPECT_EQ(before.row_loss[r], after.row_loss[r]);
      }
    }
  }
}

// A continuation does not see the others of its context.
TEST(Neighbours, PiecesDoNotSeeEachOther) {
  const engine::ModelConfig config = small_config();
  const ModelTensors weights = random_model(config, at::kFloat);
  Random random(5, "pieces");
  batches::Pack pack;
  testing::add_group(pack, random, config.vocab_size, 8, {4, 5, 3}, 2);
  const PackResult before = run_pack(config, weights, pack, nullptr);
  batches::Pack other = pack;
  const batches::Span& own = pack.groups[0].continuations[1];
  for (std::int64_t row = own.begin; row < own.end(); ++row)
    other.ids[static_cast<std::size_t>(row)] = (other.ids[static_cast<std::size_t>(row)] + 1) % 37;
  const PackResult after = run_pack(config, weights, other, nullptr);
  for (std::size_t r = 0; r < pack.loss_rows.size(); ++r) {
    if (pack.pairs[r] == 1)
      EXPECT_NE(before.row_loss[r], after.row_loss[r]);
    else
      EXPECT_EQ(before.row_loss[r], after.row_loss[r]);
  }
}

TEST(Weights, OfAStepSumToOne) {
  const auto examples = random_examples(37, 40, 400);
  for (const engine::LossWeighting weighting :
       {engine::LossWeighting::sample, engine::LossWeighting::token}) {
    double sum = 0;
    for (const batches::Pack& pack : testing::make_packs(examples, {300, weighting, true}))
      for (const double weight : pack.weights) sum += weight;
    EXPECT_NEAR(sum, 1, 1e-12);
  }
}

}  // namespace
}  // namespace film::model
