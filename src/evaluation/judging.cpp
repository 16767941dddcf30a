#include "judging.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/records/samples.h"
#include "film/scores/metrics.h"

namespace film::evaluation {
namespace {

// Whether the right answer is none.
bool is_unanswerable(const tasks::Task& task) { return task.metric == scores::kAbstains; }

// The rubric's file for a task; empty: none.
std::string rubric_for(const tasks::Task& task, const JudgeSettings& settings) {
  const bool asked_for =
      settings.tasks.empty() || std::ranges::find(settings.tasks, task.name) != settings.tasks.end();
  if (!asked_for || task.mode != tasks::Mode::generate) return "";
  return is_unanswerable(task) ? settings.rubric_unanswerable : settings.rubric;
}

void check_named(const std::string& name, const std::vector<tasks::Task>& tasks,
                 const JudgeSettings& settings) {
  const auto task = std::ranges::find(tasks, name, &tasks::Task::name);
  if (task == tasks.end())
    throw config_error("judge.tasks names " + name + ", which is not among tasks",
                       "name it with --task, too");
  if (task->mode != tasks::Mode::generate)
    throw config_error("judge.tasks names " + name + ", whose answers are choices and not written",
                       "a judge reads written answers");
  if (rubric_for(*task, settings).empty())
    throw config_error("judge.tasks names " + name + ", and there is no rubric for it",
                       is_unanswerable(*task)
                           ? "--set judge.rubric_unanswerable=configs/prompts/judge/abstains.txt"
                           : "--set judge.rubric=configs/prompts/judge/correct.txt");
}

std::string question_of(const tasks::Item& item) { return item.asked.empty() ? item.question : item.asked; }

// The item as a judge is asked about it.
tasks::Item asked_about(const tasks::Item& item, const Rubric& rubric, const std::string& answer) {
  tasks::Item made = item;
  made.question = rubric.filled(question_of(item), film::join(item.answers, "\n"), answer);
  made.asked = question_of(item) + "\n\nThe answer that was judged: " + answer;
  made.answer_start.clear();
  made.choices.clear();
  return made;
}

}  // namespace

std::vector<Judged> judged_tasks(const std::vector<tasks::Task>& tasks, const JudgeSettings& settings) {
  if (!settings.is_on()) return {};
  for (const std::string& name : settings.tasks) check_named(name, tasks, settings);
  std::vector<Judged> list;
  for (std::size_t t = 0; t < tasks.size(); ++t)
    if (const std::string file = rubric_for(tasks[t], settings); !file.empty())
      list.push_back({t, read_rubric(file)});
  if (list.empty())
    throw config_error("there is a rubric, and no task for it: none of the tasks has written answers",
                       "unset judge.rubric, or ask a task whose answers are written");
  return list;
}

tasks::Task task_of_judge(const tasks::Task& task, const Rubric& rubric,
                          const std::vector<Prediction>* predictions) {
  std::unordered_map<std::string, const Prediction*> by_id;
  if (predictions != nullptr)
    for (const Prediction& prediction : *predictions)
      if (prediction.is_scored()) by_id.emplace(prediction.id, &prediction);
  tasks::Task made;
  made.name = task.name + "_judged";
  made.metric = rubric.is_graded() ? scores::kGradedVerdict : scores::kVerdict;
  made.pattern = task.pattern;
  made.verdicts = rubric.verdicts;
  made.decoding.max_new_tokens = rubric.tokens;
  made.rows = task.rows;
  for (const tasks::ContextItems& context : task.contexts) {
    made.contexts.emplace_back();
    for (const tasks::Item& item : context.items) {
      const auto found = by_id.find(item.id);
      if (predictions == nullptr)
        made.contexts.back().items.push_back(item);
      else if (found != by_id.end())
        made.contexts.back().items.push_back(asked_about(item, rubric, found->second->output));
    }
  }
  made.notes["rubric"] = {{"file", rubric.path.filename().string()}, {"sha256", rubric.sha256}};
  return made;
}

std::vector<answers::Answer> StrictJudge::answer(std::span<const answers::Request> requests,
                                                 const answers::Decoding& decoding) {
  constexpr std::size_t kShown = 80;  // characters
  std::vector<answers::Answer> list = judge_.answer(requests, decoding);
  for (answers::Answer& answer : list) {
    const bool cut = answer.state == AnswerState::cut;
    if (answer.state != AnswerState::given && answer.state != AnswerState::empty && !cut) continue;
    if (const auto verdict = rubric_.verdict_in(answer.text, !cut)) {
      answer = {*verdict, AnswerState::given, "", {}};
    } else {
      answer.detail = fmt::format("no verdict in \"{}\"{}", without_middle(on_one_line(answer.text), kShown),
                                  cut ? ", which was cut off" : "");
      answer.state = AnswerState::unjudged;
      answer.text.clear();
    }
  }
  return list;
}

}  // namespace film::evaluation
