#include "predictions.h"

#include <algorithm>
#include <unordered_map>

#include "film/base/error.h"
#include "film/base/journal.h"
#include "film/base/lines.h"
#include "film/base/progress.h"
#include "film/base/signals.h"
#include "film/scores/metrics.h"
#include "film/scores/units.h"
#include "unscored.h"

namespace film::evaluation {
namespace {

using ById = std::unordered_map<std::string, Prediction>;

std::unordered_map<std::string, const tasks::Item*> items_by_id(const tasks::Task& task) {
  std::unordered_map<std::string, const tasks::Item*> items;
  for (const tasks::ContextItems& context : task.contexts)
    for (const tasks::Item& item : context.items)
      if (!items.emplace(item.id, &item).second)
        throw internal_error(task.name + ": two items have the id " + item.id);
  return items;
}

Prediction written(const tasks::Task& task, const tasks::Item& item, const std::string& output) {
  Prediction prediction{task.name, item.id, output, item.answers.front(), item.evidence, {}, 0};
  prediction.score = scores::score_of(task, output, item.answers);
  return prediction;
}

// From a model that runs here, nothing is an answer as well: it has ended at once.
AnswerState state_of(const answers::Answer& answer, bool from_server) {
  const bool whole_here = answer.state == AnswerState::cut || answer.state == AnswerState::empty;
  return !from_server && whole_here ? AnswerState::given : answer.state;
}

Prediction chosen(const tasks::Task& task, const tasks::Item& item, std::vector<double> log_likelihoods) {
  if (log_likelihoods.size() != item.choices.size())
    throw internal_error(task.name + ", " + item.id + ": " + std::to_string(log_likelihoods.size()) +
                         " log-likelihoods for " + std::to_string(item.choices.size()) + " choices");
  const scores::Metric& metric = scores::metric_of(task);
  const std::size_t picked = metric.rate != nullptr ? 0 : metric.pick(log_likelihoods, item.choices);
  const std::string& choice = item.choices[picked];
  Prediction prediction{task.name, item.id, choice, item.answers.front(), item.evidence, {}, 0};
  if (metric.rate != nullptr)
    prediction.score = metric.rate(log_likelihoods.front(), choice);
  else
    prediction.score = choice == item.answers.front() ? 1 : 0;
  prediction.log_likelihoods = std::move(log_likelihoods);
  return prediction;
}

// What the model said is kept, everything else is computed again, so that a corrected metric needs no new answers.
Prediction scored_again(const tasks::Task& task, const tasks::Item& item, const Prediction& old) {
  return task.mode == tasks::Mode::choose
             ? chosen(task, item, old.log_likelihoods.value_or(std::vector<double>{}))
             : written(task, item, old.output);
}

// What the state says goes with it.
Prediction with_state(Prediction prediction, const Prediction& from) {
  prediction.state = from.state;
  prediction.detail = from.detail;
  return prediction;
}

ById already_answered(const tasks::Task& task, const fs::path& path) {
  const auto items = items_by_id(task);
  ById done;
  for_each_record(path, [&](const Json& record, const std::string& where) {
    const auto old = from_json<Prediction>(record, where);
    const auto found = items.find(old.id);
    if (found == items.end() || old.task != task.name || old.expected != found->second->answers.front())
      throw config_error(where + ": item " + old.id + " of task " + old.task + " is not part of this task",
                         "the folder was made with other settings or data: use another --out");
    if (old.is_scored()) done.emplace(old.id, with_state(scored_again(task, *found->second, old), old));
  });
  return done;
}

// What belongs together, for those who later compare models without the task.
std::unordered_map<std::string, std::uint64_t> units_of(const tasks::Task& task) {
  const scores::Units units(task);
  std::unordered_map<std::string, std::uint64_t> by_id;
  for (std::size_t c = 0; c < task.contexts.size(); ++c)
    for (const tasks::Item& item : task.contexts[c].items)
      if (const auto unit = units.of(item, c)) by_id.emplace(item.id, *unit);
  return by_id;
}

// In the order of the task, at most `limit`.
std::vector<Prediction> in_order(const tasks::Task& task, const ById& done, std::uint64_t limit) {
  std::vector<Prediction> ordered;
  for (const tasks::ContextItems& context : task.contexts)
    for (const tasks::Item& item : context.items)
      if (const auto found = done.find(item.id); found != done.end() && ordered.size() < limit)
        ordered.push_back(found->second);
  return ordered;
}

class Run {
 public:
  Run(const tasks::Task& task, answers::Answerer& model, const RunOptions& options)
      : task_(task),
        model_(model),
        options_(options),
        path_(predictions_path(options, task.name)),
        limit_(options.limit == 0 ? UINT64_MAX : options.limit) {
    scores::metric_of(task);  // a metric that does not fit is said before anything is asked
  }

  std::vector<Prediction> operator()() {
    make_folder(path_.parent_path());
    {
      Journal journal(path_);  // cuts a torn last line before the file is read
      done_ = already_answered(task_, path_);
      ask_all(journal);
    }
    return finish();
  }

 private:
  // Questions of one call.
  struct Call {
    std::vector<answers::Request> requests;
    std::vector<const tasks::Item*> items;
  };

  void ask_all(Journal& journal) {
    const std::uint64_t total = std::min<std::uint64_t>(limit_, task_.item_count());
    Progress progress(task_.name + (options_.label.empty() ? "" : " (" + options_.label + ")"), total,
                      "questions");
    progress.begin_at(std::min<std::uint64_t>(done_.size(), total));
    std::uint64_t number = 0;
    Call call;
    for (const tasks::ContextItems& context : task_.contexts) {
      std::shared_ptr<const answers::Context> shared;
      for (const tasks::Item& item : context.items) {
        const std::uint64_t at = number++;
        if (at >= limit_ || done_.contains(item.id)) continue;
        if (shared == nullptr && context.open && options_.asked) shared = opened(context, options_);
        call.items.push_back(&item);
        call.requests.push_back(request_of(task_, item, shared, at));
        if (call.items.size() == options_.questions_per_call) ask(call, journal, progress);
      }
      if (!options_.across_contexts) ask(call, journal, progress);
    }
    ask(call, journal, progress);
    progress.finish();
  }

  void ask(Call& call, Journal& journal, Progress& progress) {
    if (call.items.empty()) return;
    throw_if_stopped("the answers so far are in the predictions file");
    const std::vector<answers::Answer> answers = model_.answer(call.requests, task_.decoding);
    if (answers.size() != call.items.size())
      throw internal_error("asked " + std::to_string(call.items.size()) + " questions, got " +
                           std::to_string(answers.size()) + " answers");
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const Prediction prediction = predicted(*call.items[i], answers[i]);
      if (prediction.is_scored())
        journal.append(to_json(prediction));
      else
        unscored_.add(prediction);
      done_.emplace(prediction.id, prediction);
    }
    journal.sync();
    progress.advance(answers.size());
    call = {};
    unscored_.check(task_.name, model_.describe(), std::min<std::uint64_t>(limit_, task_.item_count()),
                    options_.unscored_limit, options_.asked);
  }

  Prediction predicted(const tasks::Item& item, const answers::Answer& answer) const {
    if (task_.mode == tasks::Mode::choose && answer.state == AnswerState::given)
      return chosen(task_, item, answer.log_likelihoods);
    if (task_.mode == tasks::Mode::choose)
      return {task_.name, item.id, "",           item.answers.front(), item.evidence,
              {},         0,       answer.state, answer.detail};
    // Through JSON text and back, so that bytes that are not UTF-8 score the same now and after a restart.
    Prediction prediction =
        written(task_, item, parse_json(to_line(Json(answer.text)), "output").get<std::string>());
    const AnswerState state = state_of(answer, options_.across_contexts);
    if (state == AnswerState::given) return prediction;
    prediction.state = state;
    prediction.detail = answer.detail;
    if (!prediction.is_scored()) prediction.score = 0;
    return prediction;
  }

  std::vector<Prediction> finish() {
    std::string lines;
    const auto units = units_of(task_);
    for (Prediction& prediction : in_order(task_, done_, UINT64_MAX)) {
      if (const auto unit = units.find(prediction.id); unit != units.end()) prediction.unit = unit->second;
      lines += to_line(to_json(prediction)) + "\n";
    }
    if (read_file(path_) != lines) write_file(path_, lines);
    return in_order(task_, done_, limit_);
  }

  const tasks::Task& task_;
  answers::Answerer& model_;
  const RunOptions& options_;
  fs::path path_;
  std::uint64_t limit_;
  ById done_;
  Unscored unscored_;
};

}  // namespace

std::shared_ptr<const answers::Context> opened(const tasks::ContextItems& context,
                                               const RunOptions& options) {
  tasks::Passage passage = context.open();
  return std::make_shared<answers::Context>(
      answers::Context{passage.text(), options.ids_fit ? std::move(passage.ids) : text::TokenIds{}});
}

answers::Request request_of(const tasks::Task& task, const tasks::Item& item,
                            std::shared_ptr<const answers::Context> context, std::uint64_t number) {
  answers::Request request{std::move(context), item.question,    task.form, number, {},
                           task.begin,         item.answer_start};
  const std::string lead = task.form == answers::Form::text ? task.answer_lead : "";
  for (const std::string& choice : item.choices) request.choices.push_back(lead + choice);
  return request;
}

fs::path predictions_path(const RunOptions& options, const std::string& task) {
  return options.folder / "predictions" /
         (task + (options.label.empty() ? "" : "." + options.label) + ".jsonl");
}

std::vector<Prediction> run_task(const tasks::Task& task, answers::Answerer& model,
                                 const RunOptions& options) {
  return Run(task, model, options)();
}

}  // namespace film::evaluation
