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

constexpr const char* kJudged = "_judged";  // behind the name of the task whose answers are judged

// Whether the right answer is none.
bool is_unanswerable(const tasks::Task& task) { return task.metric == scores::kAbstains; }

// The rubric's file for a task; empty: none. The question of a benchmark of lengths is its whole prompt, and its answers are
// words to be found: a judge reads them only where they are named.
std::string rubric_for(const tasks::Task& task, const JudgeSettings& settings) {
  const bool named = std::ranges::find(settings.tasks, task.name) != settings.tasks.end();
  const bool by_itself = settings.tasks.empty() && task.lengths == tasks::LengthRule::none;
  if (!(named || by_itself) || task.mode != tasks::Mode::generate) return "";
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

// What verdicts on its answers are summed up by: the item without its prompt.
tasks::Item without_prompt(const tasks::Item& item) {
  tasks::Item made{item.id, "", item.answers, {}, item.evidence, item.design, item.row};
  made.length = item.length;
  return made;
}

// The item as a judge is asked about it.
tasks::Item asked_about(const tasks::Item& item, const Rubric& rubric, const std::string& answer) {
  const std::string& question = item.asked.empty() ? item.question : item.asked;
  tasks::Item made = without_prompt(item);
  made.question = rubric.filled(question, film::join(item.answers, "\n"), answer);
  made.asked = question + "\n\nThe answer that was judged: " + answer;
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
    throw config_error(
        "there is a rubric, and no task for it: none of the tasks has written answers, but those that are "
        "benchmarks of lengths",
        "unset judge.rubric, ask a task whose answers are written, or name a benchmark in judge.tasks");
  return list;
}

tasks::Task task_of_judge(const tasks::Task& task, const Rubric& rubric,
                          const std::vector<Prediction>* predictions) {
  std::unordered_map<std::string, const Prediction*> by_id;
  if (predictions != nullptr)
    for (const Prediction& prediction : *predictions)
      if (prediction.is_scored()) by_id.emplace(prediction.id, &prediction);
  tasks::Task made;
  made.name = task.name + kJudged;
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
        made.contexts.back().items.push_back(without_prompt(item));
      else if (found != by_id.end())
        made.contexts.back().items.push_back(asked_about(item, rubric, found->second->output));
    }
  }
  made.notes["rubric"] = {{"file", rubric.path.filename().string()}, {"sha256", rubric.sha256}};
  return made;
}

tasks::Task task_of_judge_unanswered(const tasks::Task& task, const Rubric& rubric) {
  tasks::Task made = task_of_judge(task, rubric);
  for (std::size_t c = 0; c < task.contexts.size(); ++c)
    for (std::size_t i = 0; i < task.contexts[c].items.size(); ++i)
      made.contexts[c].items[i] = asked_about(task.contexts[c].items[i], rubric, "");
  return made;
}

std::string task_before_judge(const std::string& judged) {
  return judged.substr(0, judged.size() - std::string_view(kJudged).size());
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
