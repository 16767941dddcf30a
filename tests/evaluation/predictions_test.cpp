#include "evaluation/predictions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "../scores/fakes.h"
#include "../support/scripted_answerer.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/scores/summary.h"

namespace film::evaluation {
namespace {

using scores::summarise;
using scores::testing::made_task;
using tasks::Item;
using tasks::Task;

// Answers by a function of the item; counts its calls and fails before call number `fail_at`, as a crash would.
class FakeAnswerer : public answers::Answerer {
 public:
  using Reply = std::function<std::string(const Item&)>;
  FakeAnswerer(const Task& task, Reply reply) : reply_(std::move(reply)) {
    for (const tasks::ContextItems& context : task.contexts)
      for (const Item& item : context.items) items_.push_back(&item);
  }
  std::vector<answers::Answer> answer(std::span<const answers::Request> requests,
                                      const answers::Decoding&) override {
    if (calls++ == fail_at) throw std::runtime_error("crash");
    std::vector<answers::Answer> answers;
    for (const answers::Request& request : requests) {
      if (request.context != nullptr) contexts.insert(request.context->text);
      last = request;
      answers.emplace_back();
      answers.back().text = reply_(*items_.at(request.item));
      ++asked;
    }
    return answers;
  }
  std::string describe() const override { return "fake"; }
  int calls = 0, asked = 0, fail_at = -1;
  std::set<std::string> contexts;  // texts of all that were asked about
  answers::Request last;

 private:
  std::vector<const Item*> items_;
  Reply reply_;
};

class PredictionsTest : public ::testing::Test {
 protected:
  RunOptions options(std::uint32_t per_call = 3) {
    RunOptions o;
    o.folder = folder_;
    o.questions_per_call = per_call;
    return o;
  }
  support::TempFolder temp_;
  fs::path folder_ = temp_.path();
};

std::string right(const Item& item) { return item.answers[0]; }
std::string right_at_the_ends(const Item& item) {
  const std::uint32_t slot = item.evidence->slot, slots = item.evidence->slots;
  return slot < slots / 5 || slot >= slots - slots / 5 ? item.answers[0] : "no idea";
}

TEST_F(PredictionsTest, PerfectWrongAndLostInTheMiddle) {
  const Task task = made_task(2, 20);
  const auto score_of = [&](const std::string& label, auto reply) {
    FakeAnswerer model(task, reply);
    RunOptions o = options();
    o.label = label;
    return summarise(task, run_task(task, model, o), scores::Settings());
  };
  const Score perfect = score_of("perfect", right),
              wrong = score_of("wrong", [](const Item&) { return "x"; });
  const Score ends = score_of("ends", right_at_the_ends);
  EXPECT_EQ(perfect.average, 100);
  EXPECT_EQ(perfect.curve->gap, 0);
  EXPECT_EQ(wrong.average, 0);
  EXPECT_EQ(ends.average, 40);
  EXPECT_EQ(ends.curve->gap, 100);
  EXPECT_EQ(ends.curve->positions[0].mean, 100);
  EXPECT_EQ(ends.curve->positions[4].mean, 0);
  EXPECT_EQ(ends.curve->positions[9].mean, 100);
  EXPECT_TRUE(fs::exists(folder_ / "predictions" / "made.ends.jsonl"));
}

TEST_F(PredictionsTest, SameBytesAfterACrashAtEveryCall) {
  const Task task = made_task(2, 7);
  FakeAnswerer whole(task, right_at_the_ends);
  run_task(task, whole, options());
  const fs::path path = predictions_path(options(), "made");
  const std::string expected = read_file(path);
  ASSERT_EQ(whole.calls, 6);
  for (int crash = 0; crash < whole.calls; ++crash) {
    fs::remove(path);
    FakeAnswerer model(task, right_at_the_ends);
    model.fail_at = crash;
    EXPECT_THROW(run_task(task, model, options()), std::runtime_error);
    std::ofstream(path, std::ios::app) << "{\"task\":\"ma";  // a torn tail on top
    run_task(task, model, options());
    EXPECT_EQ(read_file(path), expected) << "crash before call " << crash;
    EXPECT_EQ(model.asked, 14) << "no question is asked twice";
  }
}

TEST_F(PredictionsTest, AFinishedTaskAsksNothingAndOpensNoContext) {
  Task task = made_task(1, 5);
  int opened = 0;
  task.contexts[0].open = [&opened] {
    ++opened;
    return tasks::Passage{{"text"}};
  };
  FakeAnswerer first(task, right), second(task, right);
  run_task(task, first, options());
  EXPECT_EQ(opened, 1) << "once for two calls";
  const auto again = run_task(task, second, options());
  EXPECT_EQ(second.calls, 0);
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(again.size(), 5u);
}

TEST_F(PredictionsTest, ScoresAreComputedAnewFromOutputs) {
  Task task = made_task(1, 5);
  FakeAnswerer model(task, [](const Item& item) { return "It is " + item.answers[0]; });
  EXPECT_EQ(summarise(task, run_task(task, model, options()), scores::Settings()).average, 0);
  task.metric = "contains answer";
  EXPECT_EQ(summarise(task, run_task(task, model, options()), scores::Settings()).average, 100);
  EXPECT_EQ(model.calls, 2);
}

TEST_F(PredictionsTest, LimitStopsEarlyAndGoesOnLater) {
  const Task task = made_task(3, 4);
  FakeAnswerer model(task, right);
  RunOptions o = options();
  o.limit = 6;
  EXPECT_EQ(run_task(task, model, o).size(), 6u);
  EXPECT_EQ(model.asked, 6);
  o.limit = 0;
  EXPECT_EQ(run_task(task, model, o).size(), 12u);
  EXPECT_EQ(model.asked, 12);
}

TEST_F(PredictionsTest, TheFinishedFileIsInItemOrderWhateverTheOrderOfAnswers) {
  const Task task = made_task(1, 3);
  FakeAnswerer model(task, right);
  run_task(task, model, options());
  const fs::path path = predictions_path(options(), "made");
  const std::string whole = read_file(path);
  const std::size_t second = whole.find('\n') + 1, third = whole.find('\n', second) + 1;
  write_file(path, whole.substr(third) + whole.substr(0, second));  // third, first
  run_task(task, model, options());
  EXPECT_EQ(read_file(path), whole);
  EXPECT_EQ(model.asked, 4);
}

TEST_F(PredictionsTest, AnotherTasksFileIsRefused) {
  const Task task = made_task(1, 5);
  FakeAnswerer model(task, right);
  run_task(task, model, options());
  try {
    run_task(made_task(1, 4), model, options());
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
  }
}

TEST_F(PredictionsTest, OutputsThatAreNotUtf8ScoreTheSameAfterARestart) {
  const Task task = made_task(1, 1);
  FakeAnswerer model(task, [](const Item&) { return std::string("word 0\xff"); });
  const auto first = run_task(task, model, options()), second = run_task(task, model, options());
  EXPECT_EQ(first[0].output, second[0].output);
  EXPECT_EQ(first[0].score, second[0].score);
}

TEST_F(PredictionsTest, OneContextPerCallUnlessAnEndpointIsAsked) {
  const Task task = made_task(4, 2);
  FakeAnswerer here(task, right), endpoint(task, right);
  run_task(task, here, options(100));
  EXPECT_EQ(here.calls, 4);
  RunOptions across = options(6);
  across.label = "endpoint";
  across.across_contexts = true;
  run_task(task, endpoint, across);
  EXPECT_EQ(endpoint.calls, 2);
  EXPECT_EQ(endpoint.contexts.size(), 4u);
  EXPECT_EQ(endpoint.last.context->text, "fact 0 of context 3\nfact 1 of context 3");
}

TEST_F(PredictionsTest, IdsOfAnotherTokenizerAreNotUsed) {
  Task task = made_task(1, 1);
  task.contexts[0].open = [] { return tasks::Passage{{"text"}, {1, 2, 3}}; };
  FakeAnswerer model(task, right);
  RunOptions o = options();
  run_task(task, model, o);
  EXPECT_EQ(model.last.context->ids, (text::TokenIds{1, 2, 3}));
  o.label = "other";
  o.ids_fit = false;
  run_task(task, model, o);
  EXPECT_TRUE(model.last.context->ids.empty());
  EXPECT_EQ(model.last.context->text, "text");
}

TEST_F(PredictionsTest, PositionsAreWrittenOnlyWhereThereAreAny) {
  const Task placed = made_task(1, 4), bare = scores::testing::without_positions(made_task(1, 4));
  FakeAnswerer model(placed, right), other(bare, right);
  const fs::path path = predictions_path(options(), "made");
  run_task(placed, model, options());
  EXPECT_TRUE(read_file(path).starts_with(
      R"({"task":"made","id":"0000-00000","output":"word 0","expected":"word 0","position":0.125,"slot":0,"slots":4,"score":1.0})"));
  fs::remove(path);
  run_task(bare, other, options());
  EXPECT_TRUE(read_file(path).starts_with(
      R"({"task":"made","id":"0000-00000","output":"word 0","expected":"word 0","score":1.0})"));
}

// Rates choices as if every character cost as much, but the right one half.
class FakeChooser : public answers::Answerer {
 public:
  std::vector<answers::Answer> answer(std::span<const answers::Request> requests,
                                      const answers::Decoding&) override {
    std::vector<answers::Answer> answers;
    for (const answers::Request& request : requests) {
      last = request;
      answers.emplace_back();
      for (const std::string& choice : request.choices)
        answers.back().log_likelihoods.push_back(-static_cast<double>(choice.size()));
      ++asked;
    }
    return answers;
  }
  std::string describe() const override { return "chooser"; }
  int asked = 0;
  answers::Request last;
};

// Answers with states, by the number of the request.
class StatedAnswerer : public answers::Answerer {
 public:
  explicit StatedAnswerer(std::map<std::uint64_t, AnswerState> states) : states_(std::move(states)) {}
  std::vector<answers::Answer> answer(std::span<const answers::Request> requests,
                                      const answers::Decoding&) override {
    std::vector<answers::Answer> answers;
    for (const answers::Request& request : requests) {
      ++asked;
      answers::Answer answer{.text = "x"};
      if (const auto found = states_.find(request.item); found != states_.end())
        answer = {.text = found->second == AnswerState::cut ? "x" : "",
                  .state = found->second,
                  .detail = "the server's words"};
      answers.push_back(answer);
    }
    return answers;
  }
  std::string describe() const override { return "stated"; }
  int asked = 0;

 private:
  std::map<std::uint64_t, AnswerState> states_;
};

RunOptions from_server(RunOptions options, double limit) {
  options.across_contexts = true;
  options.unscored_limit = limit;
  return options;
}

TEST_F(PredictionsTest, WhatIsNoAnswerIsNotAWrongOne) {
  const Task task = made_task(2, 5);
  const std::uint64_t all = task.item_count();
  StatedAnswerer model({{0, AnswerState::refused},
                        {1, AnswerState::thinking},
                        {2, AnswerState::cut},
                        {3, AnswerState::empty}});
  const auto predictions = run_task(task, model, from_server(options(), 1));
  ASSERT_EQ(predictions.size(), all);
  EXPECT_EQ(predictions[0].state, AnswerState::refused);
  EXPECT_EQ(predictions[0].detail, "the server's words");
  const Score score = summarise(task, predictions, {});
  EXPECT_EQ(score.count, all - 3);
  EXPECT_EQ(score.notes["answers"], Json({{"cut", 1}, {"empty", 1}, {"reasoning_only", 1}, {"refused", 1}}));
}

TEST_F(PredictionsTest, TooManyOfThemEndTheRunWithTheServersWords) {
  const Task task = made_task(2, 5);
  for (const auto& [state, code] : {std::pair{AnswerState::refused, ExitCode::config},
                                    std::pair{AnswerState::prompt_cut, ExitCode::config},
                                    std::pair{AnswerState::failed, ExitCode::unavailable}}) {
    StatedAnswerer model({{0, state}, {1, state}, {2, state}});
    try {
      run_task(task, model, from_server(options(), 0.1));
      FAIL() << "a score over what is left";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      EXPECT_NE(std::string(error.what()).find("the server's words"), std::string::npos);
    }
    // Nothing of it binds the folder, and the next run asks these questions again.
    StatedAnswerer mended({});
    EXPECT_EQ(run_task(task, mended, from_server(options(), 0.1)).size(), task.item_count());
    fs::remove_all(folder_ / "predictions");
  }
}

TEST_F(PredictionsTest, OfAModelThatRunsHereSilenceIsAnAnswer) {
  const Task task = made_task(2, 5);
  StatedAnswerer model({{0, AnswerState::empty}, {1, AnswerState::cut}});
  const auto predictions = run_task(task, model, options());
  EXPECT_FALSE(predictions[0].state);
  EXPECT_FALSE(predictions[1].state);
  EXPECT_EQ(summarise(task, predictions, {}).count, task.item_count());
}

Task choosing_task(const std::string& metric) {
  Task task;
  task.name = "choices";
  task.metric = metric;
  task.mode = tasks::Mode::choose;
  task.form = answers::Form::text;
  task.contexts.push_back(
      {{{"1", "Q:", {"no"}, {"a longer one", "no"}, {}}, {"2", "Q:", {"yes"}, {"yes", "no"}, {}}}, {}});
  return task;
}

TEST_F(PredictionsTest, ChoicesAreRatedAndTheLikeliestCounts) {
  const Task task = choosing_task("accuracy");
  FakeChooser model;
  const auto predictions = run_task(task, model, options());
  ASSERT_EQ(predictions.size(), 2u);
  EXPECT_EQ(model.last.choices, (std::vector<std::string>{" yes", " no"}))
      << "with the lead of a bare prompt";
  EXPECT_EQ(predictions[0].output, "no");
  EXPECT_EQ(predictions[0].score, 1);
  EXPECT_EQ(predictions[1].output, "no");
  EXPECT_EQ(predictions[1].score, 0);
  EXPECT_EQ(*predictions[0].log_likelihoods, (std::vector<double>{-13, -3}));
  const Score score = summarise(task, predictions, scores::Settings());
  EXPECT_EQ(score.average, 50);
  EXPECT_FALSE(score.curve);
  // Another metric of choices needs no new ratings.
  const auto again = run_task(choosing_task("accuracy per character"), model, options());
  EXPECT_EQ(again[0].output, "a longer one");
  EXPECT_EQ(model.asked, 2);
}

TEST_F(PredictionsTest, AMetricThatDoesNotFitIsSaidBeforeAnythingIsAsked) {
  FakeChooser model;
  try {
    run_task(choosing_task("F1"), model, options());
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("does not score what mode choose gives"), std::string::npos);
  }
  EXPECT_EQ(model.asked, 0);
}

TEST_F(PredictionsTest, ReferenceAnswersThatAreRatedScoreByTheirProbability) {
  Task task = made_task(1, 3, "probability per character");
  task.mode = tasks::Mode::choose;
  for (Item& item : task.contexts[0].items) item.choices = {item.answers.front()};
  support::ScriptedAnswerer model([](const answers::Request& request, const answers::Decoding&) {
    answers::Answer answer;
    const bool failed = request.question == "what is 2?";
    answer.state = failed ? AnswerState::prompt_cut : AnswerState::given;
    answer.log_likelihoods = {-std::log(2.0) * static_cast<double>(request.choices.at(0).size())};
    return answer;
  });
  RunOptions lax = options();
  lax.unscored_limit = 0.5;
  const auto predictions = run_task(task, model, lax);
  ASSERT_EQ(predictions.size(), 3u);
  EXPECT_NEAR(predictions[0].score, 0.5, 1e-12) << "a half for every character";
  EXPECT_FALSE(predictions[2].is_scored()) << "a prompt that was cut is no answer";
  const auto again = run_task(task, model, lax);
  EXPECT_NEAR(again[1].score, 0.5, 1e-12) << "computed again from what is kept";
}

}  // namespace
}  // namespace film::evaluation
