// film eval as the program binds it, without a model: all answers are there already, so nothing is asked.
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "../support/failure.h"
#include "../support/scripted_answerer.h"
#include "../support/temp_folder.h"
#include "cli/command.h"
#include "evaluation/predictions.h"
#include "film/base/error.h"
#include "film/base/output_folder.h"
#include "film/evaluation/models.h"
#include "film/evaluation/settings.h"
#include "film/records/run_facts.h"
#include "film/tasks/build.h"

namespace film::cli {
namespace {

constexpr const char* kTask = "mine";

class EvalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(folder_ / "mine.json", R"({"file": "mine.jsonl", "metric": "exact match"})");
    write_file(folder_ / "mine.jsonl",
               "{\"question\": \"1+1\", \"answers\": \"2\"}\n{\"question\": \"2+2\", \"answers\": \"4\"}\n");
  }

  std::vector<std::string> all(std::vector<std::string> set) const {
    set.insert(set.end(), {"task_folders=[\"" + folder_.string() + "\"]", "tasks=[\"mine\"]"});
    return set;
  }

  // A run with these settings that was stopped after the last question: each model, by label, said the same always.
  void answered(const std::vector<std::string>& set, const std::map<std::string, std::string>& said) const {
    evaluation::Settings settings;
    const Fields fields = resolve(settings, {}, all(set));
    OutputFolder out({folder_ / "eval", "eval", fields});
    out.bind_inputs(evaluation::input_hashes(evaluation::candidates(settings), settings, 0));
    const tasks::Task task =
        tasks::build_task(kTask, tasks::Catalog(settings.tasks.task_folders), {.settings = settings.tasks});
    for (const auto& [label, text] : said) {
      support::ScriptedAnswerer model([&](const answers::Request&, const answers::Decoding&) {
        answers::Answer answer;
        answer.text = text;
        return answer;
      });
      evaluation::RunOptions options;
      options.folder = folder_ / "eval";
      options.label = label;
      run_task(task, model, options);
    }
  }

  // What `film eval` with these settings prints.
  std::string eval(const std::vector<std::string>& set, bool json = false) const {
    CLI::App app;
    cli::Run run;
    add_eval(app, run);
    std::vector<std::string> line = {"eval", "--out", (folder_ / "eval").string()};
    for (const std::string& setting : all(set)) line.insert(line.end(), {"--set", setting});
    if (json) line.emplace_back("--json");
    std::reverse(line.begin(), line.end());  // CLI11 takes the last first
    app.parse(line);
    ::testing::internal::CaptureStdout();
    try {
      run(ProgramInfo{});
    } catch (...) {
      ::testing::internal::GetCapturedStdout();
      throw;
    }
    return ::testing::internal::GetCapturedStdout();
  }

  const std::vector<std::string> endpoint_ = {"endpoint.model=served",
                                              "endpoint.base_url=http://127.0.0.1:9/v1"};
  support::TempFolder temp_;
  fs::path folder_ = temp_.path();
};

TEST_F(EvalTest, AFinishedFolderPrintsTheSameAgain) {
  answered(endpoint_, {{"endpoint", "2"}});
  const std::string text = eval(endpoint_);
  EXPECT_NE(text.find("50.0"), std::string::npos) << text;
  EXPECT_NE(text.find("report.html"), std::string::npos) << text;
  EXPECT_EQ(eval(endpoint_), text);
}

TEST_F(EvalTest, AFinishedFolderPrintsJsonWhereJsonIsAskedFor) {
  answered(endpoint_, {{"endpoint", "2"}});
  const std::string first = eval(endpoint_, true);
  const Json scores = parse_json(first, "stdout");
  EXPECT_EQ(scores.at("models").at(0).at("scores").at(0).at("average"), 50.0);
  EXPECT_EQ(first, read_file(folder_ / "eval" / "scores.json"));
  EXPECT_EQ(eval(endpoint_, true), first);
}

TEST_F(EvalTest, SeveralModelsAreComparedWithTheFirst) {
  const std::vector<std::string> set = {
      R"(models=[{"endpoint": "a"}, {"endpoint": "b"}, {"label": "c", "endpoint": "x/y"}])", endpoint_[1]};
  answered(set, {{"a", "2"}, {"b", "4"}, {"c", "no idea"}});
  const Json scores = parse_json(eval(set, true), "stdout");
  ASSERT_EQ(scores.at("models").size(), 3u);
  ASSERT_EQ(scores.at("comparisons").size(), 2u);
  EXPECT_EQ(scores.at("comparisons").at(1).at("before"), "a");
  EXPECT_EQ(scores.at("comparisons").at(1).at("after"), "c");
  EXPECT_EQ(scores.at("comparisons").at(1).at("difference"), -50.0);
  EXPECT_FALSE(scores.at("models").at(0).at("scores").at(0).contains("positions"));
}

// Whether anything is left to do is known before gigabytes of weights are hashed: here they are not even there.
TEST_F(EvalTest, AFinishedFolderDoesNotReadTheWeights) {
  const std::vector<std::string> set = {"model=" + (folder_ / "gone").string()};
  evaluation::Settings settings;
  const Fields fields = resolve(settings, {}, all(set));
  {
    OutputFolder out({folder_ / "eval", "eval", fields});
    const Json none = Json::array();
    write_file(folder_ / "eval/scores.json",
               to_pretty({{"format", 1}, {"title", "t"}, {"models", none}, {"comparisons", none}}));
    out.finish({"scores.json"}, to_json(EvalFacts{"report.html"}));
  }
  EXPECT_NE(eval(set).find("report.html"), std::string::npos);
  fs::remove(folder_ / "eval/manifest.json");
  EXPECT_THROW(eval(set), Error) << "an unfinished one does";
}

TEST_F(EvalTest, UnknownTasksAndMetricsAreNamed) {
  const auto message = [&](const std::vector<std::string>& set) {
    return support::failure_of([&] { eval(set); });
  };
  write_file(folder_ / "mine.json", R"({"file": "mine.jsonl", "metric": "bleu"})");
  EXPECT_NE(message(endpoint_).find("there is no metric \"bleu\""), std::string::npos);
  fs::remove(folder_ / "mine.json");
  EXPECT_NE(message(endpoint_).find("there is no task \"mine\""), std::string::npos);
}

}  // namespace
}  // namespace film::cli
