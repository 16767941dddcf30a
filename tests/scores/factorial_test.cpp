// Questions that are asked at every depth, each compared with itself.
#include "scores/factorial.h"

#include <gtest/gtest.h>

#include "film/base/random.h"
#include "film/scores/summary.h"
#include "scores/abstains.h"

namespace film::scores {
namespace {

std::vector<std::vector<double>> repeated(std::size_t count, const std::vector<double>& scores) {
  return std::vector<std::vector<double>>(count, scores);
}

TEST(StudentT, IsThatOfTables) {
  const std::tuple<double, double, double> cases[] = {{0.975, 1, 12.7062},
                                                      {0.975, 3, 3.18245},
                                                      {0.95, 10, 1.81246},
                                                      {0.975, 30, 2.04227},
                                                      {0.975, 1e6, 1.95997}};
  for (const auto& [p, degrees, expected] : cases)
    EXPECT_NEAR(student_t(p, degrees), expected, 1e-4) << degrees;
}

TEST(WithinItems, ComparesEndsWithTheMiddleOfEachQuestion) {
  const WithinItem within = within_items({{1, 0, 0, 1}, {1, 1, 0, 0.5}, {0, 0, 0, 0}}, 2);
  EXPECT_NEAR(within.first, 100 * (1 + 0.5 + 0) / 3, 1e-9);
  EXPECT_NEAR(within.last, 100 * (1 + 0 + 0) / 3.0, 1e-9);
  EXPECT_NEAR(within.difference, 100 * (1 + 0.25 + 0) / 3, 1e-9);
  EXPECT_EQ(within.verdict, "undecided");
}

TEST(WithinItems, SaysFlatOnlyWhenThereIsEnoughToSaySo) {
  EXPECT_EQ(within_items(repeated(3, {1, 1, 1}), 2).verdict, "undecided") << "three questions show nothing";
  EXPECT_EQ(within_items(repeated(400, {1, 1, 1}), 2).verdict, "flat within 2 points");
  EXPECT_EQ(within_items(repeated(60, {0, 0, 0}), 2).verdict, "undecided");
  EXPECT_EQ(within_items(repeated(60, {0, 0, 0}), 10).verdict, "flat within 10 points");
}

TEST(WithinItems, NamesTheShape) {
  const auto of = [](std::vector<double> scores) { return within_items(repeated(40, scores), 2).verdict; };
  EXPECT_EQ(of({1, 0, 0, 1}), "U: both ends are better");
  EXPECT_EQ(of({1, 0, 0}), "the beginning is better than the middle");
  EXPECT_EQ(of({0, 0, 1}), "the end is better than the middle");
  EXPECT_EQ(of({0, 1, 0}), "the middle is better than the ends");
}

// Coverage: of experiments without a difference hardly more than one in twenty has an interval that excludes 0.
TEST(WithinItems, IntervalsHoldWhatTheySay) {
  int missed = 0;
  constexpr int kTrials = 400;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    Random random(7, "test.within", trial);
    std::vector<std::vector<double>> items;
    for (int i = 0; i < 25; ++i) {
      const double level = random.uniform();  // easy and hard questions
      std::vector<double> scores;
      for (int d = 0; d < 5; ++d) scores.push_back(random.uniform() < level);
      items.push_back(scores);
    }
    const WithinItem within = within_items(items, 2);
    missed += within.low > 0 || within.high < 0;
  }
  EXPECT_LT(missed, kTrials * 8 / 100);
  EXPECT_GT(missed, 0) << "intervals are not endless";
}

TEST(DesignCells, TakeQuestionsThatWereAnsweredEverywhere) {
  tasks::Task task;
  task.name = "made";
  task.metric = "exact match";
  std::vector<Prediction> predictions;
  for (std::uint32_t tokens : {100U, 200U})
    for (std::uint32_t item = 0; item < 4; ++item)
      for (std::uint32_t depth = 0; depth < 3; ++depth) {
        const std::string id =
            std::to_string(tokens) + "-" + std::to_string(item) + "-" + std::to_string(depth);
        tasks::Item made{
            id, "q", {"a"}, {}, EvidenceSlot{depth, 3}, tasks::Design{item, depth, 3, tokens, Filler::topic}};
        task.contexts.push_back({{made}, {}});
        if (item == 3 && depth == 1 && tokens == 200) continue;  // one answer is missing
        predictions.push_back({"made",
                               id,
                               "a",
                               "a",
                               made.evidence,
                               {},
                               tokens == 100 ? 1.0
                               : depth == 0  ? 1.0
                                             : 0.0});
      }
  Settings settings;
  settings.resamples = 100;
  const Score score = summarise(task, predictions, settings);
  ASSERT_TRUE(score.cells);
  ASSERT_EQ(score.cells->size(), 2u);
  const DesignCell &easy = score.cells->at(0), &hard = score.cells->at(1);
  EXPECT_EQ(easy.items, 4u);
  EXPECT_EQ(hard.items, 3u);
  EXPECT_EQ(hard.filler, Filler::topic);
  EXPECT_EQ(hard.positions[0].mean, 100);
  EXPECT_EQ(hard.positions[2].mean, 0);
  EXPECT_EQ(hard.within->first, 100);
  EXPECT_EQ(from_json<Score>(to_json(score), "score").cells->size(), 2u) << "scores.json keeps them";
}

TEST(Abstains, InTheUsualWays) {
  for (const char* said :
       {"Unanswerable.", "The text does not\nsay it.", "It is not mentioned", "I don't know",
        "\u6587\u4e2d\u672a\u63d0\u53ca", "There is no information on that"})
    EXPECT_EQ(abstains(said, {}), 1) << said;
  for (const char* said : {"amber", "", "He knows", "The note is stated here"})
    EXPECT_EQ(abstains(said, {}), 0) << said;
}

}  // namespace
}  // namespace film::scores
