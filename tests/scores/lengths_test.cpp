// Base score and effective length against the published rows.
#include "film/scores/lengths.h"

#include <gtest/gtest.h>

#include <cmath>

namespace film::scores {
namespace {

struct Made {
  std::vector<tasks::Task> tasks;
  std::vector<std::vector<Prediction>> predictions;
};

// Adds `count` questions of one needle and length, of which `score` per cent are right.
void add(Made& made, std::size_t task, std::uint32_t length, double score, int count = 1000,
         const std::string& needle = "n") {
  if (made.tasks.size() <= task) {
    made.tasks.resize(task + 1);
    made.predictions.resize(task + 1);
  }
  made.tasks[task].name = "t" + std::to_string(task);
  made.tasks[task].metric = "exact match";
  made.tasks[task].contexts.push_back({{}, {}, needle});
  for (int i = 0; i < count; ++i) {
    tasks::Item item{std::to_string(made.predictions[task].size()), "q", {"a"}};
    item.length = length;
    const double right = i < std::lround(score * count / 100) ? 1 : 0;
    made.predictions[task].push_back({made.tasks[task].name, item.id, "", "a", {}, {}, right});
    made.tasks[task].contexts.back().items.push_back(std::move(item));
  }
}

Settings quick() {
  Settings settings;
  settings.resamples = 50;
  return settings;
}

LengthTable nolima(double base, const std::vector<std::pair<std::uint32_t, double>>& rows) {
  Made made;
  add(made, 0, 250, base);
  for (const auto& [length, score] : rows) add(made, 0, length, score);
  made.tasks[0].lengths = tasks::LengthRule::nolima;
  return length_tables(made.tasks, made.predictions, "m", quick()).at(0);
}

// arXiv 2502.05167, table 3.
TEST(LengthsTest, EffectiveLengthsOfNolimaAreThePublishedOnes) {
  using Rows = std::vector<std::pair<std::uint32_t, double>>;
  const auto row = [](std::vector<double> scores) {
    Rows rows;
    for (std::size_t i = 0; i < scores.size(); ++i) rows.emplace_back(1000U << i, scores[i]);
    return rows;
  };
  EXPECT_EQ(nolima(99.3, row({98.1, 98.0, 95.7, 89.2, 81.6, 69.7})).effective, 8000u);
  EXPECT_EQ(nolima(97.3, row({94.2, 87.4, 81.5, 72.1, 59.5, 42.7})).effective, 2000u);
  EXPECT_EQ(nolima(94.5, row({91.0, 81.8, 71.2, 62.7, 51.8, 43.2})).effective, 2000u);
  EXPECT_EQ(nolima(87.9, row({86.1, 85.5, 73.3, 51.5, 32.6, 18.7})).effective, 2000u);
  const LengthTable small = nolima(76.7, row({65.7, 54.4, 44.1, 31.9, 22.6, 14.2}));
  EXPECT_EQ(small.effective, 1000u);
  EXPECT_NEAR(*small.base, 76.7, 1e-9);
  EXPECT_NEAR(*small.threshold, 65.195, 1e-9);
  EXPECT_TRUE(small.rows[1].passes);
  EXPECT_FALSE(small.rows[2].passes);
  EXPECT_EQ(small.remark, "base score of 250 and 1000 tokens alone, not of 250, 500 and 1,000");
}

// Of every needle its best short length: two needles that are best at different ones.
TEST(LengthsTest, TheBaseScoreTakesTheBestLengthOfEachNeedle) {
  Made made;
  for (const auto& [length, first, second] : {std::tuple(250U, 80.0, 50.0), std::tuple(500U, 60.0, 90.0),
                                              std::tuple(1000U, 70.0, 40.0), std::tuple(4000U, 80.0, 65.0)}) {
    add(made, 0, length, first, 10, "one");
    add(made, 0, length, second, 10, "two");
  }
  made.tasks[0].lengths = tasks::LengthRule::nolima;
  const LengthTable table = length_tables(made.tasks, made.predictions, "m", quick()).at(0);
  EXPECT_NEAR(*table.base, 85, 1e-9);
  EXPECT_NEAR(*table.threshold, 72.25, 1e-9);
  EXPECT_EQ(table.effective, 4000u) << "80 and 70 of ten questions each: 75 is above 72.25";
  EXPECT_EQ(table.remark, "");
}

// RULER's own table: GPT-4, Yi-34B and Mistral-7B-v0.2 as they stand in its README.
TEST(LengthsTest, RulersAveragesAreThePublishedOnes) {
  struct Known {
    std::vector<double> scores;
    std::uint32_t effective;
    double average, longer, shorter;
  };
  const std::vector<Known> known = {{{96.6, 96.3, 95.2, 93.2, 87.0, 81.2}, 64 << 10, 91.6, 89.0, 94.1},
                                    {{93.3, 92.2, 91.3, 87.5, 83.2, 77.3}, 32 << 10, 87.5, 84.8, 90.1},
                                    {{93.6, 91.2, 87.2, 75.4, 49.0, 13.8}, 16 << 10, 68.4, 55.6, 81.2}};
  for (const Known& row : known) {
    Made made;
    for (std::size_t task = 0; task < 13; ++task) {
      for (std::size_t i = 0; i < row.scores.size(); ++i) add(made, task, 4096U << i, row.scores[i]);
      made.tasks[task].lengths = tasks::LengthRule::ruler;
    }
    const LengthTable table = length_tables(made.tasks, made.predictions, "m", quick()).at(0);
    EXPECT_EQ(table.effective, row.effective);
    EXPECT_NEAR(*table.average, row.average, 0.05);
    EXPECT_NEAR(*table.longer, row.longer, 0.06);
    EXPECT_NEAR(*table.shorter, row.shorter, 0.06);
    EXPECT_EQ(table.remark, "");
    EXPECT_EQ(table.rows[0].count, 13'000u);
  }
}

TEST(LengthsTest, WhatIsNotAsPublishedIsSaid) {
  Made made;
  add(made, 0, 4096, 90, 20);
  add(made, 0, 8192, 90, 20);
  add(made, 1, 4096, 80, 20);
  for (tasks::Task& task : made.tasks) task.lengths = tasks::LengthRule::ruler;
  const LengthTable table = length_tables(made.tasks, made.predictions, "m", quick()).at(0);
  EXPECT_EQ(table.remark, "of 2 of RULER's 13 tasks; not every task has every length");
  EXPECT_NEAR(table.rows[0].mean, 85, 1e-9) << "tasks count the same";
  EXPECT_LT(table.rows[0].low, 85);
  EXPECT_GT(table.rows[0].high, 85);
  for (const auto& lengths : {std::vector<std::uint32_t>{4096}, std::vector<std::uint32_t>{0, 0}}) {
    Made few;
    for (const std::uint32_t length : lengths) add(few, 0, length, 90, 20);
    few.tasks[0].lengths = tasks::LengthRule::ruler;
    EXPECT_TRUE(length_tables(few.tasks, few.predictions, "m", quick()).empty());
  }
  const LengthTable long_ones = [] {
    Made only;
    add(only, 0, 4000, 90, 20);
    add(only, 0, 8000, 90, 20);
    only.tasks[0].lengths = tasks::LengthRule::nolima;
    return length_tables(only.tasks, only.predictions, "m", quick()).at(0);
  }();
  EXPECT_FALSE(long_ones.base);
  EXPECT_EQ(long_ones.effective, 0u);
  EXPECT_EQ(long_ones.remark, "no base score: it needs 250, 500 or 1,000 tokens");
}

}  // namespace
}  // namespace film::scores
