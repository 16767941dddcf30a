#include "evaluation/judging.h"

#include <gtest/gtest.h>

#include "../scores/fakes.h"
#include "../support/failure.h"
#include "../support/scripted_answerer.h"
#include "../support/temp_folder.h"
#include "evaluation/human_verdicts.h"
#include "evaluation/predictions.h"
#include "film/scores/metrics.h"
#include "film/scores/summary.h"

namespace film::evaluation {
namespace {

using answers::Answer;
using answers::Request;

class JudgingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(folder_ / "r.txt", "verdict: GOOD 1\nverdict: BAD 0\n\nQ {question} R {reference} A {answer}");
    rubric_ = read_rubric((folder_ / "r.txt").string());
    predictions_ = scores::testing::predictions(task_, [](const tasks::Item&) { return 0.0; });
    for (std::size_t i = 0; i < predictions_.size(); ++i)
      predictions_[i].output = i % 3 == 0 ? "it is " + predictions_[i].expected : "no idea";
  }
  std::vector<Prediction> judged(answers::Answerer& judge, double limit = 0.01) {
    const tasks::Task asked = task_of_judge(task_, rubric_, &predictions_);
    StrictJudge strict(judge, rubric_);
    RunOptions options{folder_, "m", 4};
    options.across_contexts = true;
    options.unscored_limit = limit;
    return run_task(asked, strict, options);
  }
  // Right where the reference is in the answer.
  static Answer fair(const Request& request, const answers::Decoding&) {
    const std::size_t r = request.question.find(" R "), a = request.question.find(" A ");
    const std::string reference = request.question.substr(r + 3, a - r - 3);
    Answer answer;
    answer.text =
        request.question.substr(a).find(reference) != std::string::npos ? "GOOD\nIt says so." : "bad.";
    return answer;
  }

  tasks::Task task_ = scores::testing::made_task(3, 8);
  std::vector<Prediction> predictions_;
  support::TempFolder temp_;
  fs::path folder_ = temp_.path();
  Rubric rubric_;
};

TEST_F(JudgingTest, VerdictsAreScoredByPositionAsAnyAnswers) {
  support::ScriptedAnswerer judge(fair);
  const Score score = scores::summarise(task_of_judge(task_, rubric_), judged(judge), scores::Settings());
  EXPECT_EQ(score.task, "made_judged");
  EXPECT_EQ(score.metric, "verdict");
  EXPECT_EQ(score.count, 24u);
  EXPECT_NEAR(score.notes["plain_mean"].get<double>(), 100.0 / 3, 0.01);
  EXPECT_TRUE(score.curve);
}

TEST_F(JudgingTest, WhatWasJudgedIsNotAskedAgain) {
  int asked = 0, left = 10;
  support::ScriptedAnswerer judge([&](const Request& request, const answers::Decoding& decoding) {
    if (--left < 0) throw std::runtime_error("killed");
    ++asked;
    return fair(request, decoding);
  });
  EXPECT_ANY_THROW(judged(judge));
  left = 1000;
  const auto first = judged(judge);
  EXPECT_EQ(asked, 24 + 2) << "the two of the call that was killed";
  EXPECT_EQ(judged(judge).size(), first.size());
  EXPECT_EQ(asked, 24 + 2);
}

TEST_F(JudgingTest, AnswersThatAreNoneAreNotJudged) {
  predictions_[0].state = AnswerState::refused;
  predictions_[5].state = AnswerState::cut;  // is scored as it is, and judged so
  support::ScriptedAnswerer judge(fair);
  EXPECT_EQ(judged(judge).size(), 23u);
}

// Of each kind some: what the judge says, and what the state of that verdict is.
TEST_F(JudgingTest, RepliesWithoutAVerdictAreCountedByKindAndNotScored) {
  struct Reply {
    Answer answer;
    std::string state;
  };
  const auto with = [](const char* text, AnswerState state) {
    Answer answer;
    answer.text = text;
    answer.state = state;
    return answer;
  };
  const std::vector<Reply> replies = {{with("I think it is GOOD", AnswerState::given), "unjudged"},
                                      {with("GOOD", AnswerState::cut), "unjudged"},
                                      {with("", AnswerState::empty), "unjudged"},
                                      {with("", AnswerState::refused), "refused"},
                                      {with("", AnswerState::thinking), "reasoning_only"},
                                      {with("", AnswerState::failed), "failed"}};
  std::size_t next = 0;
  support::ScriptedAnswerer judge([&](const Request& request, const answers::Decoding& decoding) {
    return next < replies.size() ? replies[next++].answer : fair(request, decoding);
  });
  const Score score =
      scores::summarise(task_of_judge(task_, rubric_), judged(judge, 0.5), scores::Settings());
  EXPECT_EQ(score.count, 24 - replies.size());
  EXPECT_EQ(score.notes["answers"],
            Json({{"failed", 1}, {"reasoning_only", 1}, {"refused", 1}, {"unjudged", 3}}));
}

TEST_F(JudgingTest, AJudgeThatGivesNoVerdictsEndsTheRun) {
  support::ScriptedAnswerer judge([](const Request&, const answers::Decoding&) {
    Answer answer;
    answer.text = "As a careful reader I would say: it depends.";
    return answer;
  });
  const std::string said = support::failure_of([&] { judged(judge); });
  EXPECT_NE(said.find("unjudged 4"), std::string::npos) << said;
  EXPECT_NE(said.find("no verdict in \"As a careful reader"), std::string::npos) << said;
}

// The task that verdicts are summed up by, and what is asked, have no copy of a long prompt; positions stay.
TEST_F(JudgingTest, PromptsAreNotCopied) {
  tasks::Item& item = task_.contexts[0].items[0];
  item.question = std::string(9000, 'x');
  item.asked = "Where?";
  item.answer_start = "It is";
  item.length = 4096;
  for (const tasks::Task& made :
       {task_of_judge(task_, rubric_), task_of_judge(task_, rubric_, &predictions_)}) {
    const tasks::Item& there = made.contexts[0].items[0];
    EXPECT_LT(there.question.size() + there.asked.size(), 1000u);
    EXPECT_TRUE(there.answer_start.empty() && there.choices.empty());
    EXPECT_EQ(there.id, item.id);
    EXPECT_EQ(there.answers, item.answers);
    EXPECT_EQ(there.evidence->slot, item.evidence->slot);
    EXPECT_EQ(there.length, 4096u);
    EXPECT_EQ(there.row, item.row);
  }
}

TEST_F(JudgingTest, WhichTasksAreJudged) {
  JudgeSettings settings;
  settings.rubric = (folder_ / "r.txt").string();
  tasks::Task choice = task_, none = task_;
  choice.name = "choice";
  choice.mode = tasks::Mode::choose;
  none.name = "nothing to find";
  none.metric = scores::kAbstains;
  const std::vector<tasks::Task> all = {choice, task_, none};
  const auto numbers = [&] {
    std::vector<std::size_t> list;
    for (const Judged& judged : judged_tasks(all, settings)) list.push_back(judged.task);
    return list;
  };
  EXPECT_EQ(numbers(), std::vector<std::size_t>{1});
  for (const auto rule : {tasks::LengthRule::ruler, tasks::LengthRule::nolima}) {
    tasks::Task lengths = task_;
    lengths.name = "by length";
    lengths.lengths = rule;
    EXPECT_NE(support::failure_of([&] {
                judged_tasks({choice, lengths}, settings);
              }).find("benchmarks of lengths"),
              std::string::npos);
    EXPECT_EQ(judged_tasks({lengths, task_}, settings).front().task, 1u);
    settings.tasks = {lengths.name};
    EXPECT_EQ(judged_tasks({task_, lengths}, settings).front().task, 1u) << "where it is named";
    settings.tasks.clear();
  }
  settings.rubric_unanswerable = settings.rubric;
  EXPECT_EQ(numbers(), (std::vector<std::size_t>{1, 2}));
  settings.tasks = {none.name};
  EXPECT_EQ(numbers(), std::vector<std::size_t>{2});
  for (const auto& [name, message] : std::vector<std::pair<std::string, std::string>>{
           {"other", "not among tasks"}, {"choice", "are choices"}}) {
    settings.tasks = {name};
    EXPECT_NE(support::failure_of(numbers).find(message), std::string::npos) << name;
  }
}

TEST_F(JudgingTest, VerdictsOfPeopleFindTheirAnswers) {
  support::ScriptedAnswerer judge(fair);
  const auto verdicts = judged(judge);
  write_file(folder_ / "people.csv", "id,verdict,model\n" + predictions_[0].id + ",good,m\n" +
                                         predictions_[1].id + ",1,m\n" + predictions_[2].id +
                                         ",BAD,n\nelsewhere,BAD,m\n");
  HumanVerdicts people(folder_ / "people.csv");
  const auto found =
      people.agreements("made", rubric_, {{"m", verdicts}, {"n", verdicts}, {"nobody read it", verdicts}});
  ASSERT_EQ(found.size(), 3u) << "of the two models that people read, and of all together";
  EXPECT_EQ(found[0].model, "m");
  EXPECT_EQ(found[0].table, (std::vector<std::vector<std::uint64_t>>{{1, 1}, {0, 0}}));
  EXPECT_EQ(found[1].model, "n");
  EXPECT_EQ(found[2].model, "");
  EXPECT_EQ(found[2].count, 3u);
  EXPECT_TRUE(people.agreements("another task", rubric_, {{"nobody read it", {}}}).empty());
}

TEST_F(JudgingTest, AVerdictOnSeveralAnswersIsOnNone) {
  write_file(folder_ / "people.csv", "id,verdict\n" + predictions_[0].id + ",good\n");
  HumanVerdicts people(folder_ / "people.csv");
  EXPECT_NE(support::failure_of([&] {
              people.check({task_}, {{0, rubric_}}, {"m", "n"}, 0);
            }).find("several answers have the id"),
            std::string::npos);
}

// Nothing is asked before this is known.
TEST_F(JudgingTest, FilesOfPeopleThatCannotBeUsedAreSaid) {
  const std::string first = predictions_[0].id, sixth = predictions_[5].id;
  const auto row = [](const std::string& id, const std::string& verdict, const std::string& more = "") {
    return R"({"id":")" + id + R"(","verdict":)" + verdict + more + "}\n";
  };
  const std::vector<std::pair<std::string, std::string>> bad = {
      {row(first, R"("so so")"), "none of the rubric's: GOOD, BAD"},
      {row(first, "0.5"), "\"0.5\" is none of the rubric's"},
      {row(first, "1") + row(sixth, R"("GOOD, but long")"), "people.jsonl:2: the verdict"},
      {R"({"id":")" + first + "\"}\n", "missing"},
      {row("x", "1"), "none of its ids"},
      {row(first, "1", R"(,"task":"made_judged")"), "none of its ids"},
      {row(first, "1", R"(,"model":"another")"), "none of its ids"},
      {row(predictions_[12].id, "1"), "none of its ids is that of any question that is judged"},
      {row("x", "1") + row("x", "0"), "a second verdict"}};
  for (const auto& [text, message] : bad) {
    write_file(folder_ / "people.jsonl", text);
    const std::string said = support::failure_of([&] {
      HumanVerdicts people(folder_ / "people.jsonl");
      people.check({task_}, {{0, rubric_}}, {"m"}, 12);
    });
    EXPECT_NE(said.find(message), std::string::npos) << text << said;
  }
  write_file(folder_ / "people.jsonl", row(sixth, "true") + row("x", "1"));
  HumanVerdicts people(folder_ / "people.jsonl");
  EXPECT_EQ(support::failure_of([&] { people.check({task_}, {{0, rubric_}}, {"m"}, 12); }), "no error");
}

}  // namespace
}  // namespace film::evaluation
