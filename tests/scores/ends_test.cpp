#include "scores/ends.h"

#include <gtest/gtest.h>

#include <cmath>

#include "fakes.h"
#include "film/base/random.h"
#include "film/scores/summary.h"
#include "scores/factorial.h"

namespace film::scores {
namespace {

using testing::made_task;
using testing::predictions;

Settings eighths(double flat_within = 5) {
  Settings settings;
  settings.bins = 8;
  settings.flat_within = flat_within;
  return settings;
}

EndsAgainstMiddle found(const tasks::Task& task, const std::vector<Prediction>& given, bool zero_one,
                        const Settings& settings) {
  const auto ends = ends_against_middle(task, match(task, given), zero_one, settings);
  EXPECT_TRUE(ends.has_value());
  return ends.value_or(EndsAgainstMiddle());
}

// 16 slots, 8 bins of two: the ends are slots 0, 1, 14 and 15, the middle 4 to 11.
TEST(EndsAgainstMiddle, MeansByHand) {
  const tasks::Task task = made_task(50, 16);
  const auto score = [](const tasks::Item& i) {
    const std::uint32_t s = i.evidence->slot;
    if (s < 2) return 1.0;
    if (s > 13) return 0.5;
    return s > 3 && s < 12 ? 0.25 : 0.0;  // slots 2, 3, 12 and 13 belong to neither
  };
  const EndsAgainstMiddle ends = found(task, predictions(task, score), false, eighths());
  EXPECT_DOUBLE_EQ(ends.ends, 75);
  EXPECT_DOUBLE_EQ(ends.middle, 25);
  EXPECT_DOUBLE_EQ(ends.difference, 50);
  EXPECT_DOUBLE_EQ(ends.low, 50);  // fractions that do not vary
  EXPECT_EQ(ends.verdict, "U: the ends are better");
}

TEST(EndsAgainstMiddle, AnswersThatAllAgreeHaveAWidth) {
  const tasks::Task task = made_task(10, 16);
  const EndsAgainstMiddle ends =
      found(task, predictions(task, [](const tasks::Item&) { return 1.0; }), true, eighths(4));
  const auto variance = [](double n) { return (n + 1) / (n + 2) * (1 / (n + 2)) / (n + 2); };
  const double reach = 100 * student_t(0.975, 9) * std::sqrt(variance(40) + variance(80));
  EXPECT_NEAR(ends.high, reach, 1e-9);
  EXPECT_NEAR(ends.low, -reach, 1e-9);
  EXPECT_EQ(ends.verdict, "undecided");
  EXPECT_EQ(found(task, predictions(task, [](const tasks::Item&) { return 1.0; }), true, eighths(10)).verdict,
            "flat within 10 points");
}

TEST(EndsAgainstMiddle, TheVerdictFollowsTheDirection) {
  const tasks::Task task = made_task(40, 16);
  const auto inner = [](const tasks::Item& i) {
    return i.evidence->slot > 3 && i.evidence->slot < 12 ? 1.0 : 0.0;
  };
  EXPECT_EQ(found(task, predictions(task, inner), true, eighths()).verdict, "the middle is better");
  const auto outer = [&](const tasks::Item& i) { return 1 - inner(i); };
  EXPECT_EQ(found(task, predictions(task, outer), true, eighths()).verdict, "U: the ends are better");
}

// Answers of one context rise and fall together by as much as a plain interval would miss.
TEST(EndsAgainstMiddle, IntervalsHoldTheTruthAsOftenAsTheySay) {
  const tasks::Task task = made_task(60, 8);
  constexpr double kTruth = 20;
  int held = 0;
  constexpr int kRuns = 400;
  for (int run = 0; run < kRuns; ++run) {
    Random random(7, "ends", static_cast<std::uint64_t>(run));
    std::vector<double> tilt(60);  // of a context: its ends against its middle
    for (double& t : tilt) t = 0.6 * (random.uniform() - 0.5);
    std::size_t next = 0;
    const auto score = [&](const tasks::Item& i) {
      const std::uint32_t s = i.evidence->slot;
      const std::size_t context = next++ / 8;
      const bool end = s == 0 || s == 7;
      return 0.5 + (end ? 0.2 + tilt[context] : 0) + 0.1 * (random.uniform() - 0.5);
    };
    const EndsAgainstMiddle ends = found(task, predictions(task, score), false, eighths());
    held += ends.low <= kTruth && kTruth <= ends.high ? 1 : 0;
  }
  EXPECT_GE(held, 0.92 * kRuns);
  EXPECT_LE(held, 0.98 * kRuns);
}

TEST(EndsAgainstMiddle, NothingWhereThereIsNoMiddle) {
  const auto given = [](const tasks::Item&) { return 1.0; };
  Settings three = eighths();
  three.bins = 3;
  const tasks::Task task = made_task(5, 16), one = made_task(1, 16), few = made_task(5, 2);
  EXPECT_FALSE(ends_against_middle(task, match(task, predictions(task, given)), true, three));
  EXPECT_FALSE(ends_against_middle(few, match(few, predictions(few, given)), true, eighths()));  // empty bins
  EXPECT_TRUE(
      ends_against_middle(one, match(one, predictions(one, given)), true, eighths()));  // each its own unit
  EXPECT_TRUE(summarise(task, predictions(task, given), eighths()).notes.contains("ends"));
}

}  // namespace
}  // namespace film::scores
