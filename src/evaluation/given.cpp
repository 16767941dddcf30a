#include "given.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/evaluation/evaluation.h"

namespace film::evaluation {

using outputs::Output;

namespace {

std::string shortened(const std::string& text) { return text.size() <= 60 ? text : text.substr(0, 60) + "…"; }

// The items of a task by the key that outputs name them with.
template <class Key, class KeyOf>
std::map<Key, std::size_t> places(const std::vector<const tasks::Item*>& items, KeyOf key_of) {
  std::map<Key, std::size_t> found;
  for (std::size_t i = 0; i < items.size(); ++i) found.emplace(key_of(*items[i]), i);
  return found;
}

// One task's outputs put in the order of its items.
class Matching {
 public:
  using Rows = std::vector<const Output*>;
  Matching(const tasks::Task& task, const Rows& rows, bool in_order)
      : task_(task), rows_(rows), in_order_(in_order) {
    for (const tasks::ContextItems& context : task.contexts)
      for (const tasks::Item& item : context.items) items_.push_back(&item);
    found_.resize(items_.size());
  }

  std::vector<answers::Answer> operator()() {
    const auto has_id = [](const Output* row) { return !row->id.empty(); };
    const auto has_number = [](const Output* row) { return row->number.has_value(); };
    if (!in_order_ && !rows_.empty() && std::all_of(rows_.begin(), rows_.end(), has_id))
      by_id();
    else if (!in_order_ && !rows_.empty() && std::all_of(rows_.begin(), rows_.end(), has_number))
      by_number();
    else
      by_place();
    return answers();
  }

 private:
  void by_id() {
    const auto place = places<std::string>(items_, [](const tasks::Item& item) { return item.id; });
    for (const Output* row : rows_) {
      const auto found = place.find(row->id);
      if (found == place.end())
        throw bad_data(fmt::format("{}: task {} has no question with the id \"{}\"; its first is \"{}\"",
                                   row->where, task_.name, row->id, items_.empty() ? "" : items_.front()->id),
                       "give the task the data that was asked, or, if the rows are in its order, --set "
                       "predictions_in_order=true");
      put(found->second, *row);
    }
  }

  // Rows of the data that are not asked (skipped, unusable) may have outputs.
  void by_number() {
    const auto place = places<std::uint64_t>(items_, [](const tasks::Item& item) { return item.row; });
    for (const Output* row : rows_) {
      if (*row->number >= task_.rows)
        throw bad_data(fmt::format("{}: output for question {}, but the data of task {} has {} rows",
                                   row->where, *row->number, task_.name, task_.rows),
                       "give the task the data that was asked");
      if (const auto found = place.find(*row->number); found != place.end()) put(found->second, *row);
    }
  }

  void by_place() {
    if (rows_.size() != task_.rows)
      throw bad_data(
          fmt::format("task {}: there are {} outputs, but its data has {} rows", task_.name, rows_.size(),
                      task_.rows),
          "outputs without ids are matched by order, one to each row: name the files of the whole task");
    for (std::size_t i = 0; i < items_.size(); ++i) put(i, *rows_[items_[i]->row]);
  }

  void put(std::size_t place, const Output& row) {
    if (found_[place] != nullptr)
      throw bad_data(fmt::format("{}: question {} of task {} has another output at {}", row.where,
                                 items_[place]->id, task_.name, found_[place]->where),
                     "name the files of one run");
    check_same_question(*items_[place], row);
    found_[place] = &row;
  }

  // Where both bring a reference answer, it must be the same one.
  void check_same_question(const tasks::Item& item, const Output& row) const {
    if (task_.mode == tasks::Mode::choose) return check_choices(item, row);
    if (row.answers.empty() || row.answers.front() == item.answers.front()) return;
    throw bad_data(
        fmt::format("{}: the reference answer is \"{}\", that of question {} of task {} is \"{}\"", row.where,
                    shortened(row.answers.front()), item.id, task_.name, shortened(item.answers.front())),
        "the outputs are those of other data, or in another order");
  }

  void check_choices(const tasks::Item& item, const Output& row) const {
    if (row.log_likelihoods.size() == item.choices.size()) return;
    throw bad_data(
        fmt::format("{}: {} log-likelihoods for the {} choices of question {} of task {}", row.where,
                    row.log_likelihoods.size(), item.choices.size(), item.id, task_.name),
        "this task compares log-likelihoods of choices: it needs the output of such a run");
  }

  std::vector<answers::Answer> answers() const {
    std::vector<answers::Answer> list;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (found_[i] == nullptr)
        throw bad_data(fmt::format("task {}: question {} has no output ({} outputs for {} questions)",
                                   task_.name, items_[i]->id, rows_.size(), items_.size()),
                       "name the files of the whole task");
      list.push_back({found_[i]->text, found_[i]->state, found_[i]->detail, found_[i]->log_likelihoods});
    }
    return list;
  }

  const tasks::Task& task_;
  const Rows& rows_;
  bool in_order_;
  std::vector<const tasks::Item*> items_;
  Rows found_;  // by item
};

}  // namespace

GivenOutputs::GivenOutputs(const Candidate& model, const Settings& settings, const tasks::Catalog& catalog)
    : in_order_(settings.predictions_in_order),
      outputs_(outputs::read_outputs(model.outputs, settings.predictions_form)) {
  const auto& asked = settings.tasks.tasks;
  for (const Output& output : outputs_) {
    if (std::ranges::find(asked, output.task) != asked.end())
      by_task_[output.task].push_back(&output);
    else if (catalog.knows(output.task))
      ++others_[output.task];
    else
      unnamed_.push_back(&output);
  }
  if (asked.size() != 1) return;
  if (by_task_.empty() && unnamed_.empty() &&
      others_.size() == 1) {  // one task's outputs, to be scored as another's
    for (const Output& output : outputs_) unnamed_.push_back(&output);
    others_.clear();
  }
  Rows& only = by_task_[asked.front()];
  only.insert(only.end(), unnamed_.begin(), unnamed_.end());
  unnamed_.clear();
}

std::vector<tasks::GivenQuestion> GivenOutputs::questions_of(const std::string& task) const {
  std::vector<tasks::GivenQuestion> questions;
  const auto found = by_task_.find(task);
  if (found == by_task_.end()) return {};
  for (const Output* output : found->second) {
    const bool whole = output->choices.size() == output->log_likelihoods.size();
    if (output->answers.empty() || !output->all_answers || !whole) return {};
    questions.push_back({output->id, output->answers, output->choices});
  }
  return questions;
}

std::map<std::string, GivenOutputs::Rows> GivenOutputs::with_unnamed(
    const std::vector<tasks::Task>& tasks) const {
  std::map<std::string, Rows> rows = by_task_;
  std::size_t next = 0;
  std::string wanted;
  std::uint64_t sum = 0;
  for (const tasks::Task& task : tasks) {
    if (by_task_.contains(task.name)) continue;
    wanted += fmt::format("{}{} {}", wanted.empty() ? "" : ", ", task.name, task.rows);
    sum += task.rows;
    for (std::uint64_t i = 0; i < task.rows && next < unnamed_.size(); ++i)
      rows[task.name].push_back(unnamed_[next++]);
  }
  if (sum == unnamed_.size()) return rows;
  throw bad_data(
      fmt::format("there are {} outputs that name no known task, and {} rows of data without an output by "
                  "name ({})",
                  unnamed_.size(), sum, wanted.empty() ? "no task" : wanted),
      "name the tasks with --task in the order of the files' rows, and all files of them");
}

std::vector<std::vector<answers::Answer>> GivenOutputs::answers_to(
    const std::vector<tasks::Task>& tasks) const {
  for (const auto& [task, count] : others_)
    warn(fmt::format("{} outputs of the task {} are left out: it is not among the tasks to be scored", count,
                     task));
  const std::map<std::string, Rows> rows = with_unnamed(tasks);
  std::vector<std::vector<answers::Answer>> answers;
  for (const tasks::Task& task : tasks) {
    const auto found = rows.find(task.name);
    answers.push_back(Matching(task, found == rows.end() ? Rows{} : found->second, in_order_)());
  }
  return answers;
}

std::vector<answers::Answer> GivenAnswerer::answer(std::span<const answers::Request> requests,
                                                   const answers::Decoding& decoding) {
  std::vector<answers::Answer> list;
  for (const answers::Request& request : requests) {
    list.push_back(answers_.at(request.item));
    std::string& text = list.back().text;
    for (const std::string& word : decoding.stop) text.resize(std::min(text.size(), text.find(word)));
  }
  return list;
}

bool all_given(const std::vector<Candidate>& models) {
  return !models.empty() &&
         std::ranges::none_of(models, [](const Candidate& model) { return model.outputs.empty(); });
}

std::vector<std::string> tasks_of_outputs(const Settings& settings) {
  const tasks::Catalog catalog(settings.tasks.task_folders);
  std::vector<std::string> names;
  for (const Candidate& model : candidates(settings)) {
    for (const Output& output : outputs::read_outputs(model.outputs, settings.predictions_form)) {
      if (!catalog.knows(output.task))
        throw config_error(
            output.where + ": neither the row nor the name of its file says which task it is of",
            "say so with --task NAME; there are: " + fmt::format("{}", fmt::join(catalog.names(), ", ")));
      if (std::ranges::find(names, output.task) == names.end()) names.push_back(output.task);
    }
  }
  return names;
}

}  // namespace film::evaluation
