// Outputs made elsewhere find their questions: by id, by number, by place, over tasks and files.
#include "evaluation/given.h"

#include <gtest/gtest.h>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/evaluation/evaluation.h"

namespace film::evaluation {
namespace {

class GivenTest : public ::testing::Test {
 protected:
  void SetUp() override {
    settings_.tasks.task_folders = {folder_.string()};
    task("rivers", {{"id", "id"}}, {R"({"id":"a","answers":["Ouse"]})", R"({"id":"b","answers":["Tees"]})"});
    task("hills", Json::object(),
         {R"({"answers":["Bow"]})", R"({"answers":["Coniston"]})", R"({"answers":["Dale"]})"});
  }
  void task(const std::string& name, Json columns, const std::vector<std::string>& rows) const {
    write_file(folder_ / (name + ".json"),
               to_pretty({{"file", name + ".data"}, {"metric", "exact match"}, {"columns", columns}}));
    write(name + ".data", rows);
  }
  fs::path write(const std::string& name, const std::vector<std::string>& rows) const {
    std::string text;
    for (const std::string& row : rows) text += row + "\n";
    write_file(folder_ / name, text);
    return folder_ / name;
  }
  // Scores by task of the outputs in these files.
  std::vector<double> scores(const std::vector<fs::path>& files, const std::vector<std::string>& tasks) {
    settings_.predictions.clear();
    for (const fs::path& file : files) settings_.predictions.push_back(file.string());
    settings_.tasks.tasks = tasks;
    check(settings_);
    const fs::path out = folder_ / ("out" + std::to_string(runs_++));
    const Results results = evaluate(candidates(settings_), settings_, out, 0);
    std::vector<double> averages;
    for (const Score& score : results.models.at(0).scores) averages.push_back(score.average);
    return averages;
  }
  std::string problem(const std::vector<fs::path>& files, const std::vector<std::string>& tasks) {
    return support::failure_of([&] { scores(files, tasks); });
  }
  support::TempFolder temp_;
  fs::path folder_ = temp_.path();
  Settings settings_;
  int runs_ = 0;
};

using Averages = std::vector<double>;

TEST_F(GivenTest, RowsWithoutIdsAreTakenInOrder) {
  const auto file = write("out.jsonl", {R"({"sample":"Bow"})", R"({"sample":"x"})", R"({"sample":"Dale"})"});
  EXPECT_NEAR(scores({file}, {"hills"})[0], 66.67, 0.01);
}

TEST_F(GivenTest, RowsWithIdsAreMatchedWhateverTheirOrder) {
  const auto row = [](const char* id, const char* text) {
    return std::string(R"({"custom_id":")") + id +
           R"(","response":{"status_code":200,"body":{"choices":[{"message":{"content":")" + text +
           R"("}}]}}})";
  };
  EXPECT_EQ(scores({write("batch.jsonl", {row("b", "Tees"), row("a", "Ouse")})}, {"rivers"}), Averages{100});
  const auto unknown = write("batch2.jsonl", {row("q1", "Ouse"), row("q2", "Tees")});
  EXPECT_NE(problem({unknown}, {"rivers"}).find("no question with the id \"q1\"; its first is \"a\""),
            std::string::npos);
  settings_.predictions_in_order = true;
  EXPECT_EQ(scores({unknown}, {"rivers"}), Averages{100});
}

TEST_F(GivenTest, RowsWithNumbersAreMatchedByThem) {
  const auto row = [](int number, const char* text) {
    return R"({"doc_id":)" + std::to_string(number) + R"(,"resps":[[")" + text + R"("]]})";
  };
  EXPECT_EQ(scores({write("s.jsonl", {row(2, "Dale"), row(0, "Bow"), row(1, "Coniston")})}, {"hills"}),
            Averages{100});
  EXPECT_NE(problem({write("s.jsonl", {row(3, "Dale")})}, {"hills"}).find("output for question 3, but"),
            std::string::npos);
  EXPECT_NE(problem({write("s.jsonl", {row(0, "Bow"), row(1, "x")})}, {"hills"}).find("has no output"),
            std::string::npos);
}

TEST_F(GivenTest, FilesOverSeveralTasksFollowTheOrderOfBoth) {
  const auto one = write("part1.jsonl", {R"({"sample":"Bow"})", R"({"sample":"Coniston"})"});
  const auto two =
      write("part2.jsonl", {R"({"sample":"Dale"})", R"({"sample":"Ouse"})", R"({"sample":"no"})"});
  EXPECT_EQ(scores({one, two}, {"hills", "rivers"}), (Averages{100, 50}));
  EXPECT_NE(
      problem({one}, {"hills", "rivers"}).find("there are 2 outputs that name no known task, and 5 rows"),
      std::string::npos);
}

TEST_F(GivenTest, FilesNamedForTasksGoToThem) {
  const auto rivers = write("rivers.jsonl", {R"({"sample":"Ouse"})", R"({"sample":"Tees"})"});
  const auto hills =
      write("sample_hills.jsonl", {R"({"sample":"-"})", R"({"sample":"-"})", R"({"sample":"-"})"});
  EXPECT_EQ(scores({hills, rivers}, {"rivers", "hills"}), (Averages{100, 0}));
  EXPECT_EQ(scores({hills, rivers}, {"rivers"}), Averages{100}) << "what is not asked for is left out";
  task("streams", Json::object(), {R"({"answers":["Ouse"]})", R"({"answers":["Wye"]})"});
  EXPECT_EQ(scores({rivers}, {"streams"}), Averages{50}) << "a file of one task may be scored as another";
  settings_.predictions = {hills.string(), rivers.string()};
  EXPECT_EQ(tasks_of_outputs(settings_), (std::vector<std::string>{"hills", "rivers"}));
}

TEST_F(GivenTest, TheCountMustAgree) {
  const auto few = write("few.jsonl", {R"({"sample":"Bow"})"});
  EXPECT_NE(problem({few}, {"hills"}).find("there are 1 outputs, but its data has 3 rows"),
            std::string::npos);
  const auto twice = write("twice.jsonl", {R"({"id":"a","output":"x","expected":"Ouse"})",
                                           R"({"id":"a","output":"y","expected":"Ouse"})"});
  EXPECT_NE(problem({twice}, {"rivers"}).find("has another output at"), std::string::npos)
      << problem({twice}, {"rivers"});
}

TEST_F(GivenTest, ReferenceAnswersThatCameWithOutputsNeedNoData) {
  fs::remove(folder_ / "hills.data");
  const auto file = write(
      "hills.jsonl", {R"({"pred":"Bow","answers":["Bow","Bow Fell"]})", R"({"pred":"x","answers":["y"]})"});
  EXPECT_EQ(scores({file}, {"hills"}), Averages{50});
  const auto twice = write("rivers.jsonl", {R"({"_id":"a","pred":"x","answers":["y"]})",
                                            R"({"_id":"a","pred":"x","answers":["y"]})"});
  EXPECT_NE(problem({twice}, {"rivers"}).find("two outputs have the id \"a\""), std::string::npos);
}

// What this program wrote holds the first accepted answer alone, and no choices: the data must say the others.
TEST_F(GivenTest, OwnPredictionsAreScoredWithAllAcceptedAnswers) {
  task("lakes", {{"id", "id"}}, {R"({"id":"w","answers":["Windermere","Winander"]})"});
  const auto file =
      write("p.jsonl", {R"({"task":"lakes","id":"w","output":"Winander","expected":"Windermere"})"});
  EXPECT_EQ(scores({file}, {"lakes"}), Averages{100});
  fs::remove(folder_ / "lakes.data");
  EXPECT_NE(problem({file}, {"lakes"}).find("there is no file"), std::string::npos);
}

TEST_F(GivenTest, TwoModelsMustHaveAnsweredTheSameQuestions) {
  const auto a = write("a.jsonl", {R"({"pred":"Bow","answers":["Bow"]})"});
  const auto b = write("b.jsonl", {R"({"pred":"Bow","answers":["Dale"]})"});
  settings_.models = {{"one", "", "", "", {a.string()}}, {"two", "", "", "", {b.string()}}};
  EXPECT_NE(problem({}, {"hills"}).find("the reference answer is \"Dale\", that of question"),
            std::string::npos);
  write("b.jsonl", {R"({"pred":"Dale","answers":["Bow"]})"});
  EXPECT_EQ(scores({}, {"hills"}), Averages{100});
}

TEST_F(GivenTest, OutputsThatAreNoAnswersEndTheRunAboveTheLimit) {
  const auto file =
      write("nulls.jsonl", {R"({"sample":"Bow"})", R"({"sample":null})", R"({"sample":"Dale"})"});
  const std::string said = problem({file}, {"hills"});
  EXPECT_NE(said.find("1 of 3 questions have no answer that can be scored (failed 1)"), std::string::npos)
      << said;
  EXPECT_NE(said.find("unscored_limit=SHARE"), std::string::npos) << said;
  settings_.unscored_limit = 0.5;
  EXPECT_EQ(scores({file}, {"hills"}), Averages{100}) << "they leave the mean";
}

TEST_F(GivenTest, ChoicesAreComparedAsTheTaskSays) {
  write_file(
      folder_ / "pick.json",
      R"({"file": "pick.data", "mode": "choose", "metric": "accuracy", "columns": {"choices": ["options"]}})");
  write("pick.data", {R"({"answers":"no","options":["yes","no"]})"});
  const auto file =
      write("samples_pick_2026-02-03T04-05-06.jsonl",
            {R"({"doc_id":0,"target":"1","arguments":{"gen_args_0":{"arg_0":"Q","arg_1":" yes"},)"
             R"("gen_args_1":{"arg_0":"Q","arg_1":" no"}},"resps":[[["-3","False"]],[["-1","True"]]]})"});
  EXPECT_EQ(scores({file}, {"pick"}), Averages{100});
  fs::remove(folder_ / "pick.data");
  EXPECT_EQ(scores({file}, {"pick"}), Averages{100}) << "target is the number of the choice";
  const auto written = write("pick.jsonl", {R"({"sample":"no"})"});
  write("pick.data", {R"({"answers":"no","options":["yes","no"]})"});
  EXPECT_NE(problem({written}, {"pick"}).find("0 log-likelihoods for the 2 choices"), std::string::npos);
}

TEST_F(GivenTest, AModelAndOutputsAreNamedInModels) {
  settings_.model = "run";
  EXPECT_NE(problem({write("o.jsonl", {R"({"sample":"x"})"})}, {"hills"})
                .find("predictions is set, and so is model"),
            std::string::npos);
  settings_.model.clear();
  settings_.endpoint.model = "served";
  EXPECT_NE(problem({write("o.jsonl", {R"({"sample":"x"})"})}, {"hills"}).find("so is endpoint.model"),
            std::string::npos);
}

}  // namespace
}  // namespace film::evaluation
