// Plans hold every pair once, few packs, none over its rows, and none that a simple exchange makes cheaper.
#include "film/batches/plan_packs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "../support/packs.h"
#include "film/base/random.h"

namespace film::batches {
namespace {

using engine::LossWeighting;
using testing::Packing;

// Contexts of 1 to `longest` tokens, log-uniform; a tenth of the examples has none.
std::vector<ExampleShape> random_shapes(std::uint64_t seed, std::size_t count, double longest) {
  Random random(seed, "shapes");
  std::vector<ExampleShape> step(count);
  for (ExampleShape& example : step) {
    if (random.below(10) > 0)
      example.context = static_cast<std::int64_t>(std::exp(random.uniform() * std::log(longest)));
    for (std::uint64_t p = 1 + random.below(4); p > 0; --p)
      example.pairs.push_back({1 + static_cast<std::int64_t>(random.below(40)),
                               1 + static_cast<std::int64_t>(random.below(400))});
  }
  return step;
}

// Pairs [first, first + count) of the example, on a context of their own.
ExampleShape part(const ExampleShape& example, const PlannedSequence& sequence) {
  const auto first = example.pairs.begin() + static_cast<std::ptrdiff_t>(sequence.first_pair);
  return {example.context, {first, first + static_cast<std::ptrdiff_t>(sequence.pair_count)}};
}

// Padding never makes a sequence larger than the budget, and its causal part has a bucket's length where that fits.
void expect_padded(const ExampleShape& shape, std::int64_t padding, const PackOptions& options) {
  const std::int64_t causal = shape.pairs.size() > 1 ? shape.context : shape.rows(),
                     wanted = options.pad_lengths ? bucket_length(causal) - causal : 0;
  if (shape.rows() > options.budget || shape.rows() + wanted <= options.budget) {
    EXPECT_EQ(padding, wanted);
  } else {
    EXPECT_LE(shape.rows() + padding, options.budget);
    EXPECT_TRUE(padding == 0 || (causal + padding) % kBucketStep == 0);
  }
}

void expect_sound(const std::vector<ExampleShape>& step, const PackOptions& options) {
  std::map<std::pair<std::size_t, std::size_t>, int> seen;
  std::int64_t all_rows = 0;
  const std::vector<PackPlan> plans = plan_packs(step, options);
  for (const PackPlan& plan : plans) {
    EXPECT_TRUE(plan.rows <= options.budget || plan.sequences.size() == 1);
    std::int64_t rows = 0, loss_rows = 0;
    for (const PlannedSequence& sequence : plan.sequences) {
      const ExampleShape shape = part(step.at(sequence.example), sequence);
      EXPECT_EQ(shape.pairs.size(), options.share_context ? step[sequence.example].pairs.size() : 1);
      expect_padded(shape, sequence.padding, options);
      rows += shape.rows() + sequence.padding;
      for (std::size_t p = 0; p < shape.pairs.size(); ++p) {
        ++seen[{sequence.example, sequence.first_pair + p}];
        loss_rows += shape.pairs[p].answer;
      }
    }
    EXPECT_EQ(plan.rows, rows);
    EXPECT_EQ(plan.loss_rows, loss_rows);
    all_rows += rows;
  }
  for (std::size_t e = 0; e < step.size(); ++e)
    for (std::size_t p = 0; p < step[e].pairs.size(); ++p) EXPECT_EQ((seen[{e, p}]), 1);
  // Of any two packs of a best fit the rows are more than the budget.
  EXPECT_LE(static_cast<std::int64_t>(plans.size()), 1 + 2 * all_rows / options.budget);
}

TEST(PlanPacks, EveryPairOnceWithinTheBudget) {
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    for (const std::int64_t budget : {1, 700, 3000, 32768})
      for (const bool share : {true, false})
        for (const bool pad : {true, false})
          expect_sound(random_shapes(seed, 1 + seed, 4000),
                       Packing{budget, LossWeighting::sample, share, pad});
}

double cost_of(const std::vector<ExampleShape>& step, const PlannedSequence& sequence) {
  return plan_packs({part(step[sequence.example], sequence)}, Packing{}).at(0).cost;
}

// No sequence of a pack can be given to, or swapped with one of, a cheaper pack so that the costlier of the
// two gets cheaper by more than 0.2 %.
void expect_balanced(const std::vector<ExampleShape>& step, const PackPlan& costly, const PackPlan& other) {
  const auto rows = [&](const PlannedSequence& s) { return part(step[s.example], s).rows(); };
  for (const PlannedSequence& given : costly.sequences) {
    const double gain = cost_of(step, given);
    const auto better = [&](double moved, std::int64_t moved_rows) {
      return costly.rows - moved_rows <= Packing{}.budget && other.rows + moved_rows <= Packing{}.budget &&
             std::max(costly.cost - moved, other.cost + moved) < 0.998 * costly.cost;
    };
    EXPECT_FALSE(better(gain, rows(given)));
    for (const PlannedSequence& taken : other.sequences)
      EXPECT_FALSE(better(gain - cost_of(step, taken), rows(given) - rows(taken)));
  }
}

TEST(PlanPacks, NoExchangeMakesTheDearerOfTwoPacksCheaper) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const auto step = random_shapes(seed, 64, 30000);
    const auto plans = plan_packs(step, Packing{});
    for (const PackPlan& a : plans)
      for (const PackPlan& b : plans)
        if (a.cost > b.cost) expect_balanced(step, a, b);
  }
}

// Eight sequences of 4,000 rows and eight of 100 need two packs. Rows alone would take 8 + 1 and 7.
TEST(PlanPacks, CostIsSharedOutEvenly) {
  std::vector<ExampleShape> step;
  for (int i = 0; i < 8; ++i) step.push_back({3998, {{2, 1}}});
  for (int i = 0; i < 8; ++i) step.push_back({98, {{2, 1}}});
  const auto plans = plan_packs(step, Packing{});
  ASSERT_EQ(plans.size(), 2u);
  EXPECT_EQ(plans[0].rows, 16400);
  EXPECT_EQ(plans[1].rows, 16400);
  EXPECT_EQ(plans[0].cost, plans[1].cost);
}

// In the order of reading, and opening a new pack when the last is full, it would be four.
TEST(PlanPacks, FindsFewPacks) {
  std::vector<ExampleShape> step;
  for (const std::int64_t rows : {5, 7, 5, 3, 6, 4}) step.push_back({rows - 1, {{1, 1}}});
  EXPECT_EQ(plan_packs(step, Packing{10, LossWeighting::sample, true}).size(), 3u);
}

// One sequence of n rows: costs.row n + costs.pair n (n + 1) / 2. Shared contexts and padding: see
// make_packs_test.cpp, which counts what the rows of a pack see.
TEST(PlanPacks, CostOfOneSequence) {
  Packing options;
  options.costs = {10, 1};
  EXPECT_EQ(plan_packs({{90, {{8, 3}}}}, options).at(0).cost, 10 * 100 + 5050);
  // Mistral-7B: at 53,248 tokens attention costs as much as all else.
  const double n = 53248, attention = Packing{}.costs.pair * n * (n + 1) / 2;
  EXPECT_NEAR(attention / (Packing{}.costs.row * n), 1, 0.001);
}

TEST(PlanPacks, DependsOnTheShapesAlone) {
  const auto step = random_shapes(9, 128, 30000);
  const auto first = plan_packs(step, Packing{}), again = plan_packs(step, Packing{});
  ASSERT_EQ(first.size(), again.size());
  for (std::size_t p = 0; p < first.size(); ++p) {
    ASSERT_EQ(first[p].sequences.size(), again[p].sequences.size());
    for (std::size_t s = 0; s < first[p].sequences.size(); ++s)
      EXPECT_EQ(first[p].sequences[s].example, again[p].sequences[s].example);
  }
}

TEST(BucketLength, AFewDozenUpTo32768) {
  std::set<std::int64_t> classes;
  for (std::int64_t rows = 1; rows <= 32768; ++rows) {
    const std::int64_t length = bucket_length(rows);
    classes.insert(length);
    ASSERT_GE(length, rows);
    ASSERT_EQ(length % (length <= 8192 ? 256 : 1024), 0);
    ASSERT_LT(length - rows, length <= 8192 ? 256 : 1024);
    ASSERT_TRUE(rows < 2048 || 8 * (length - rows) < length);
  }
  EXPECT_EQ(classes.size(), 56u);
  EXPECT_EQ(*classes.begin(), 256);
  EXPECT_EQ(*classes.rbegin(), 32768);
}

}  // namespace
}  // namespace film::batches
