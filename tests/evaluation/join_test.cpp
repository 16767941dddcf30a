// Several EVAL folders as one: labels, repeated models, paired differences only over the same questions.
#include "film/evaluation/join.h"

#include <gtest/gtest.h>

#include "../scores/fakes.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/base/manifest.h"
#include "film/records/run_facts.h"
#include "film/scores/pairs.h"
#include "film/scores/summary.h"

namespace film::evaluation {
namespace {

struct Asked {
  std::string label, sha256;
  tasks::Task task;
  double score;
};

class JoinTest : public ::testing::Test {
 protected:
  // A finished evaluation of these models.
  fs::path eval(const std::string& name, const std::vector<Asked>& models, bool units = true) const {
    const fs::path folder = temp_.path() / name;
    make_folder(folder / "predictions");
    Json scores = {{"format", 1}, {"title", name}, {"models", Json::array()}, {"comparisons", Json::array()}};
    for (const Asked& asked : models) {
      const auto answers = scores::testing::predictions(asked.task, [&](const auto&) { return asked.score; });
      std::string lines;
      for (Prediction answer : answers) {
        if (units) answer.unit = std::stoull(answer.id.substr(0, 4));  // its context
        lines += to_line(to_json(answer)) + "\n";
      }
      write_file(folder / "predictions" / (asked.task.name + "." + asked.label + ".jsonl"), lines);
      ModelScores model{asked.label, "made up", {scores::summarise(asked.task, answers, {})}};
      model.origin = ModelOrigin{"models/" + asked.label, {}, asked.sha256};
      scores["models"].push_back(to_json(model));
    }
    write_file(folder / "scores.json", to_pretty(scores));
    write_file(folder / "settings.json", R"({"verb":"eval","settings":{"bins":4,"seed":3,"title":"x"}})");
    Manifest::write(folder, "manifest.json", {"scores.json"}, to_json(EvalFacts{"report.html"}));
    return folder;
  }
  static tasks::Task task(std::uint32_t contexts, const std::string& metric = "exact match") {
    return scores::testing::made_task(contexts, 8, metric);
  }
  static std::string labels(const Joined& joined) {
    std::string all;
    for (const ModelScores& model : joined.models) all += model.label + "|";
    return all;
  }
  support::TempFolder temp_;
};

TEST_F(JoinTest, DifferencesAreFromTheFirstModelOfTheFirstFolder) {
  const auto joined =
      join({eval("a", {{"left", "1", task(5), 0.0}}), eval("b", {{"right", "2", task(5), 1.0}}),
            eval("c", {{"up", "3", task(5), 0.0}})},
           {"a", "b", "c"});
  EXPECT_EQ(labels(joined), "left|right|up|");
  ASSERT_EQ(joined.comparisons.size(), 2u);
  EXPECT_EQ(joined.comparisons[0].before, "left");
  EXPECT_EQ(joined.comparisons[0].after, "right");
  EXPECT_EQ(joined.comparisons[0].difference, 100);
  EXPECT_EQ(joined.comparisons[0].count, 40u);
  EXPECT_EQ(joined.comparisons[0].curve->positions.size(), 4u) << "the bins of the first folder";
  EXPECT_EQ(joined.comparisons[1].difference, 0);
  EXPECT_TRUE(joined.remarks.empty());
}

TEST_F(JoinTest, EqualLabelsHaveTheirFolderInFront) {
  const auto joined = join({eval("a", {{"before", "1", task(3), 0.0}, {"after", "2", task(3), 1.0}}),
                            eval("b", {{"before", "4", task(3), 0.0}, {"after", "3", task(3), 0.5}})},
                           {"x/a", "x/b"});
  EXPECT_EQ(labels(joined), "x/a before|x/a after|x/b before|x/b after|");
  EXPECT_EQ(joined.comparisons.size(), 3u);
}

TEST_F(JoinTest, TheSameModelIsShownOnce) {
  const auto joined = join({eval("a", {{"before", "1", task(3), 0.0}, {"after", "2", task(3), 1.0}}),
                            eval("b", {{"before", "1", task(3), 0.0}, {"later", "3", task(3), 0.5}})},
                           {"a", "b"});
  EXPECT_EQ(labels(joined), "before|after|later|");
  ASSERT_EQ(joined.remarks.size(), 1u);
  EXPECT_EQ(joined.remarks[0], "before of b is before of a again, and shown once.");
}

TEST_F(JoinTest, OnlyTheSameQuestionsArePaired) {
  tasks::Task other_answers = task(4), other_places = task(4), more = task(6);
  for (tasks::Item& item : other_answers.contexts[0].items) item.answers = {"something else"};
  for (tasks::ContextItems& context : other_places.contexts)
    for (tasks::Item& item : context.items) item.evidence->slots = 9;
  const fs::path first = eval("first", {{"m", "1", task(4), 0.0}});
  const struct {
    tasks::Task asked;
    std::uint64_t pairs;
    const char* remark;
  } rows[] = {
      {other_answers, 0, "made, m and n: not the same questions, so there is no paired difference."},
      {other_places, 0, "made, m and n: not the same questions, so there is no paired difference."},
      {more, 32, "made, m and n: the difference is over the 32 questions that both were asked."},
      {task(2), 16, "made, m and n: the difference is over the 16 questions that both were asked."},
      {task(4, "F1"), 0,
       "made, m and n: scored by different metrics (exact match, F1), so there is no paired difference."}};
  int number = 0;
  for (const auto& row : rows) {
    const fs::path second = eval("second" + std::to_string(number++), {{"n", "2", row.asked, 1.0}});
    const auto joined = join({first, second}, {"first", "second"});
    ASSERT_EQ(joined.remarks.size(), 1u) << number;
    EXPECT_EQ(joined.remarks[0], row.remark);
    EXPECT_EQ(joined.comparisons.size(), row.pairs > 0 ? 1u : 0u) << number;
    for (const Comparison& c : joined.comparisons) EXPECT_EQ(c.count, row.pairs);
  }
}

// What film eval would have found of the three in one folder, in any distribution over folders.
TEST_F(JoinTest, AnyTwoModelsArePairedWithTheirContextsAsUnits) {
  const Asked a{"a", "1", task(5), 0.2}, b{"b", "2", task(5), 0.9}, c{"c", "3", task(5), 0.9};
  std::vector<std::vector<Prediction>> answers;
  for (const double score : {0.2, 0.9, 0.9})
    answers.push_back(scores::testing::predictions(a.task, [&](const auto&) { return score; }));
  scores::Settings summing;
  summing.seed = 3;
  auto expected = scores::pair_differences(a.task, answers, {"a", "b", "c"}, summing);
  scores::correct(expected);
  const std::vector<std::vector<fs::path>> ways = {{eval("abc", {a, b, c})},
                                                   {eval("ab", {a, b}), eval("c", {c})},
                                                   {eval("a", {a}), eval("b", {b}), eval("c2", {c})}};
  for (const auto& folders : ways) {
    const Joined joined = join(folders, std::vector<std::string>(folders.size(), "x"));
    EXPECT_TRUE(joined.remarks.empty());
    ASSERT_EQ(joined.pairs.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(to_json(joined.pairs[i]), to_json(expected[i])) << i;
    EXPECT_EQ(joined.pairs[0].contexts, 5u);
    EXPECT_NEAR(joined.pairs[2].difference, 0, 1e-9);
  }
}

TEST_F(JoinTest, PairsThatCannotBeMadeAreSaid) {
  const Asked first{"a", "1", task(4), 0.0}, other_metric{"b", "2", task(4, "F1"), 1.0},
      other_places{"c", "3", scores::testing::without_positions(task(4)), 1.0};
  const Joined joined =
      join({eval("a", {first}), eval("b", {other_metric}), eval("c", {other_places})}, {"a", "b", "c"});
  EXPECT_TRUE(joined.pairs.empty());
  EXPECT_EQ(
      joined.remarks,
      (std::vector<std::string>{
          "made, a and b: scored by different metrics (exact match, F1), so there is no paired difference.",
          "made, a and c: not the same questions, so there is no paired difference.",
          "made, b and c: scored by different metrics (F1, exact match), so there is no paired "
          "difference."}));
}

// Of any two models, also where neither is the first.
TEST_F(JoinTest, FewerQuestionsAreSaidOfEveryPair) {
  const Joined joined = join({eval("a", {{"a", "1", task(6), 0.0}}), eval("b", {{"b", "2", task(5), 1.0}}),
                              eval("c", {{"c", "3", task(3), 1.0}})},
                             {"a", "b", "c"});
  EXPECT_EQ(joined.comparisons.size(), 2u);
  EXPECT_EQ(joined.pairs.size(), 3u);
  EXPECT_EQ(joined.remarks,
            (std::vector<std::string>{
                "made, a and b: the difference is over the 40 questions that both were asked.",
                "made, a and c: the difference is over the 24 questions that both were asked.",
                "made, b and c: the difference is over the 24 questions that both were asked."}));
}

TEST_F(JoinTest, FoldersOfEarlierVersionsHaveNoUnits) {
  const Joined joined =
      join({eval("a", {{"a", "1", task(4), 0.0}}, false), eval("b", {{"b", "2", task(4), 1.0}}, false)},
           {"a", "b"});
  ASSERT_EQ(joined.pairs.size(), 1u);
  EXPECT_EQ(joined.pairs[0].contexts, 32u) << "every question for itself";
  ASSERT_EQ(joined.remarks.size(), 1u);
  EXPECT_NE(joined.remarks[0].find("did not record which questions share a context"), std::string::npos);
}

TEST_F(JoinTest, AnUnfinishedEvaluationIsNamed) {
  const fs::path folder = eval("half", {{"m", "1", task(1), 0.0}});
  fs::remove(folder / "manifest.json");
  try {
    join({folder}, {"half"});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("no finished evaluation"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace film::evaluation
