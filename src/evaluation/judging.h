#pragma once
// Answers in own words, judged by a second model with a rubric.
#include <memory>
#include <string>
#include <vector>

#include "film/answers/answerer.h"
#include "film/evaluation/settings.h"
#include "film/records/scores.h"
#include "film/tasks/task.h"
#include "rubric.h"

namespace film::evaluation {

// Which rubric judges a task's answers.
struct Judged {
  std::size_t task = 0;  // its number
  Rubric rubric;
};

// Throws config_error where judge.tasks names one that is not among `tasks` or whose answers are not written.
std::vector<Judged> judged_tasks(const std::vector<tasks::Task>& tasks, const JudgeSettings& settings);

// The task NAME_judged: the same questions at the same places, whose outputs are verdicts. With `predictions` it is what a
// judge is asked about these answers; those that are no answers are left out.
tasks::Task task_of_judge(const tasks::Task& task, const Rubric& rubric,
                          const std::vector<Prediction>* predictions = nullptr);

// The same with an empty answer to every question: all that is asked but the answers.
tasks::Task task_of_judge_unanswered(const tasks::Task& task, const Rubric& rubric);

// NAME of NAME_judged.
std::string task_before_judge(const std::string& judged);

// Says nothing but verdicts: a reply without one is AnswerState::unjudged, with its first words.
class StrictJudge : public answers::Answerer {
 public:
  StrictJudge(answers::Answerer& judge, const Rubric& rubric) : judge_(judge), rubric_(rubric) {}
  std::vector<answers::Answer> answer(std::span<const answers::Request> requests,
                                      const answers::Decoding& decoding) override;
  std::string describe() const override { return "the judge " + judge_.describe(); }

 private:
  answers::Answerer& judge_;
  const Rubric& rubric_;
};

}  // namespace film::evaluation
