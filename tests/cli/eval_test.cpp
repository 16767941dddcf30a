// film eval as the program binds it, without a model: all answers are there already, so nothing is asked.
#include <gtest/gtest.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "../support/scripted_answerer.h"
#include "evaluation/predictions.h"
#include "film/base/error.h"
#include "film/base/output_folder.h"
#include "film/cli/verb.h"
#include "film/evaluation/settings.h"
#include "film/records/run_facts.h"
#include "film/tasks/build.h"

namespace film::cli {
namespace {

constexpr const char* kTask = "mine";

class EvalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("film_cli_eval_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    make_folder(folder_);
    write_file(folder_ / "mine.json", R"({"file": "mine.jsonl", "metric": "exact match"})");
    write_file(folder_ / "mine.jsonl",
               "{\"question\": \"1+1\", \"answers\": \"2\"}\n{\"question\": \"2+2\", \"answers\": \"4\"}\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Answers of the model `label`, as a run that was stopped after the last question leaves them.
  void answer(const std::string& label, const std::string& text) const {
    tasks::Settings settings;
    const tasks::Task task =
        tasks::build_task(kTask, tasks::Catalog({folder_.string()}), {.settings = settings});
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

  // What `film eval` with these settings prints.
  std::string eval(std::vector<std::string> arguments) const {
    CLI::App app;
    cli::Run run;
    add_eval(app, run);
    std::vector<std::string> line = {"eval",
                                     "--out",
                                     (folder_ / "eval").string(),
                                     "--set",
                                     "task_folders=[\"" + folder_.string() + "\"]",
                                     "--set",
                                     "tasks=[\"mine\"]"};
    line.insert(line.end(), arguments.begin(), arguments.end());
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

  const std::vector<std::string> endpoint_ = {"--set", "endpoint.model=served", "--set",
                                              "endpoint.base_url=http://127.0.0.1:9/v1"};
  fs::path folder_;
};

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST_F(EvalTest, AFinishedFolderPrintsTheSameAgain) {
  answer("endpoint", "2");
  const std::string text = eval(endpoint_);
  EXPECT_NE(text.find("50.0"), std::string::npos) << text;
  EXPECT_NE(text.find("report.html"), std::string::npos) << text;
  EXPECT_EQ(eval(endpoint_), text);
}

TEST_F(EvalTest, AFinishedFolderPrintsJsonWhereJsonIsAskedFor) {
  answer("endpoint", "2");
  const std::string first = eval(with(endpoint_, {"--json"}));
  const Json scores = parse_json(first, "stdout");
  EXPECT_EQ(scores.at("models").at(0).at("scores").at(0).at("average"), 50.0);
  EXPECT_EQ(first, read_file(folder_ / "eval" / "scores.json"));
  EXPECT_EQ(eval(with(endpoint_, {"--json"})), first);
}

TEST_F(EvalTest, SeveralModelsAreComparedWithTheFirst) {
  answer("a", "2");
  answer("b", "4");
  answer("c", "no idea");
  const std::string models =
      R"(models=[{"endpoint": "a"}, {"endpoint": "b"}, {"label": "c", "endpoint": "x/y"}])";
  const Json scores = parse_json(
      eval({"--json", "--set", models, "--set", "endpoint.base_url=http://127.0.0.1:9/v1"}), "stdout");
  ASSERT_EQ(scores.at("models").size(), 3u);
  ASSERT_EQ(scores.at("comparisons").size(), 2u);
  EXPECT_EQ(scores.at("comparisons").at(1).at("before"), "a");
  EXPECT_EQ(scores.at("comparisons").at(1).at("after"), "c");
  EXPECT_EQ(scores.at("comparisons").at(1).at("difference"), -50.0);
  EXPECT_FALSE(scores.at("models").at(0).at("scores").at(0).contains("positions"));
}

// Whether anything is left to do is known before gigabytes of weights are hashed: here they are not even there.
TEST_F(EvalTest, AFinishedFolderDoesNotReadTheWeights) {
  const std::vector<std::string> set = {"model=" + (folder_ / "gone").string(),
                                        "task_folders=[\"" + folder_.string() + "\"]", "tasks=[\"mine\"]"};
  evaluation::Settings settings;
  const Fields fields = resolve(settings, {}, set);
  {
    OutputFolder out({folder_ / "eval", "eval", fields});
    write_file(
        folder_ / "eval/scores.json",
        to_pretty(
            {{"format", 1}, {"title", "t"}, {"models", Json::array()}, {"comparisons", Json::array()}}));
    out.finish({"scores.json"}, to_json(EvalFacts{"report.html"}));
  }
  EXPECT_NE(eval({"--set", set[0]}).find("report.html"), std::string::npos);
  fs::remove(folder_ / "eval/manifest.json");
  EXPECT_THROW(eval({"--set", set[0]}), Error) << "an unfinished one does";
}

TEST_F(EvalTest, UnknownTasksAndMetricsAreNamed) {
  const auto message = [&](const std::vector<std::string>& arguments) {
    try {
      eval(arguments);
    } catch (const Error& error) {
      return std::string(error.what()) + " | " + error.hint();
    }
    return std::string("accepted");
  };
  EXPECT_NE(message(with(endpoint_, {"--set", "tasks=[\"mime\"]"})).find("did you mean \"mine\"?"),
            std::string::npos);
  write_file(folder_ / "mine.json", R"({"file": "mine.jsonl", "metric": "bleu"})");
  EXPECT_NE(message(endpoint_).find("there is no metric \"bleu\""), std::string::npos);
}

}  // namespace
}  // namespace film::cli
