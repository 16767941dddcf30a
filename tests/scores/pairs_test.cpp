// Any two of several models, and standard errors that know that questions share contexts.
#include "film/scores/pairs.h"

#include <gtest/gtest.h>

#include <cmath>

#include "fakes.h"
#include "scores/clusters.h"

namespace film::scores {
namespace {

using testing::made_task;
using testing::predictions;

Settings quick() {
  Settings settings;
  settings.resamples = 400;
  return settings;
}

TEST(Pairs, AreAllOfThemByTaskAndModel) {
  const tasks::Task task = made_task(12, 5);
  const auto never = predictions(task, [](const tasks::Item&) { return 0.0; });
  const auto half =
      predictions(task, [](const tasks::Item& i) { return i.evidence->slot % 2 == 0 ? 1.0 : 0.0; });
  const auto pairs = pair_differences(task, {never, half, never}, {"a", "b", "c"}, quick());
  ASSERT_EQ(pairs.size(), 3u);
  EXPECT_EQ(pairs[0].first + pairs[0].second + pairs[2].first + pairs[2].second, "abbc");
  EXPECT_DOUBLE_EQ(pairs[0].difference, 60);
  EXPECT_DOUBLE_EQ(pairs[1].difference, 0);
  EXPECT_DOUBLE_EQ(pairs[2].difference, -60);
  EXPECT_EQ(pairs[0].contexts, 12u);
  EXPECT_LT(pairs[0].p, 0.01);
  EXPECT_EQ(pairs[1].p, 1);
}

TEST(Pairs, QuestionsOfOneContextAreOneUnit) {
  // One context of four is answered by the second model alone, all 50 questions of it.
  const tasks::Task task = made_task(4, 50);
  const auto never = predictions(task, [](const tasks::Item&) { return 0.0; });
  const auto one =
      predictions(task, [](const tasks::Item& i) { return i.id.starts_with("0002") ? 1.0 : 0.0; });
  const PairDifference pair = pair_differences(task, {never, one}, {"a", "b"}, quick())[0];
  EXPECT_EQ(pair.count, 200u);
  EXPECT_DOUBLE_EQ(pair.difference, 25);
  EXPECT_DOUBLE_EQ(pair.low, 0) << "two hundred questions, but a single context";
  EXPECT_GT(pair.p, 0.9);
}

TEST(Pairs, OneContextIsAsManyUnitsAsQuestions) {
  const tasks::Task task = made_task(1, 40);
  const auto never = predictions(task, [](const tasks::Item&) { return 0.0; });
  const auto often =
      predictions(task, [](const tasks::Item& i) { return i.evidence->slot < 30 ? 1.0 : 0.0; });
  EXPECT_EQ(pair_differences(task, {never, often}, {"a", "b"}, quick())[0].contexts, 40u);
}

TEST(Pairs, HolmsRule) {
  std::vector<PairDifference> pairs(4);
  const double p[] = {0.04, 0.01, 0.03, 0.5}, expected[] = {0.09, 0.04, 0.09, 0.5};
  for (int i = 0; i < 4; ++i) pairs[static_cast<std::size_t>(i)].p = p[i];
  correct(pairs);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(pairs[i].corrected, expected[i], 1e-12) << i;
  std::vector<PairDifference> none;
  correct(none);
}

TEST(ClusteredError, IsWiderWhereContextsDiffer) {
  const tasks::Task task = made_task(4, 50);
  const auto by_context = match(task, predictions(task, [](const tasks::Item& i) {
                                  return i.id.starts_with("0000") || i.id.starts_with("0001") ? 1.0 : 0.0;
                                }));
  const auto error = clustered_error(task, by_context);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->units, 4u);
  EXPECT_NEAR(error->plain, 100 * std::sqrt(0.25 * 200 / (200.0 * 199)), 1e-9);
  EXPECT_NEAR(error->clustered, 100 * std::sqrt(4 * 25.0 * 25 * 4 / 3) / 200, 1e-9);
  EXPECT_EQ(error->low, 0);
  const auto mixed = match(
      task, predictions(task, [](const tasks::Item& i) { return i.evidence->slot % 2 == 0 ? 1.0 : 0.0; }));
  EXPECT_NEAR(clustered_error(task, mixed)->clustered, 0, 1e-9) << "every context has the same mean";
  EXPECT_FALSE(clustered_error(made_task(1, 9), {}));
}

}  // namespace
}  // namespace film::scores
