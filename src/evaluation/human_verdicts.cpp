#include "human_verdicts.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/scores/agreement.h"
#include "film/sources/rows.h"

namespace film::evaluation {
namespace {

std::size_t place_of(const std::string& word, const std::vector<std::string>& words) {
  return static_cast<std::size_t>(std::ranges::find(words, word) - words.begin());
}

// The rubric's word for what a person said.
std::string word_of(const std::string& said, const std::string& where, const Rubric& rubric) {
  if (const auto word = rubric.verdict_of_person(said)) return *word;
  throw bad_data(fmt::format("{}: the verdict \"{}\" is none of the rubric's: {}", where, said,
                             fmt::join(rubric.words(), ", ")),
                 "use the rubric's words, or 1 and 0");
}

// Of the questions that are asked.
std::vector<std::string> ids_of(const tasks::Task& task, std::uint64_t limit) {
  std::vector<std::string> ids;
  for (const tasks::ContextItems& context : task.contexts)
    for (const tasks::Item& item : context.items)
      if (limit == 0 || ids.size() < limit) ids.push_back(item.id);
  return ids;
}

}  // namespace

HumanVerdicts::HumanVerdicts(const fs::path& file) : file_(file) {
  using sources::CellType;
  using sources::FileKind;
  const auto files =
      sources::list_files({file}, {{}, {FileKind::jsonl, FileKind::csv, FileKind::tsv}}, "judge.human").files;
  const sources::Columns columns = {{{"id", CellType::scalar},
                                     {"verdict", CellType::scalar},
                                     {"task", CellType::string, false},
                                     {"model", CellType::string, false}}};
  sources::for_each_row(files, columns, [&](sources::Row&& row) {
    const std::string where = sources::where(row, files);
    if (row.fault == sources::RowFault::empty) return;
    if (row.fault)
      throw bad_data(
          fmt::format("{}: {} {}", where, name_of(*row.fault), row.detail),
          "judge.human needs the columns id and verdict (and task and model where several are judged)");
    const auto key = std::tuple(row.cells[2].text, row.cells[3].text, row.cells[0].text);
    if (!said_.emplace(key, Said{row.cells[1].text, where}).second)
      throw bad_data(where + ": a second verdict on the answer " + row.cells[0].text,
                     "settle what people disagree on first, or leave it out");
  });
  if (said_.empty()) throw bad_data(file.string() + ": there is no verdict in it");
}

const HumanVerdicts::Said* HumanVerdicts::find(const std::string& task, const std::string& model,
                                               const std::string& id) {
  for (const std::string& named : {task, std::string()})
    for (const std::string& by : {model, std::string()})
      if (const auto found = said_.find(std::tuple(named, by, id)); found != said_.end()) {
        if (!used_.insert(&found->second).second)
          throw bad_data(found->second.where + ": several answers have the id " + id,
                         "say in the columns task and model whose answer the verdict is on");
        return &found->second;
      }
  return nullptr;
}

void HumanVerdicts::check(const std::vector<tasks::Task>& tasks, const std::vector<Judged>& judged,
                          const std::vector<std::string>& models, std::uint64_t limit) {
  for (const auto& [number, rubric] : judged)
    for (const std::string& model : models)
      for (const std::string& id : ids_of(tasks[number], limit))
        if (const Said* said = find(tasks[number].name, model, id))
          word_of(said->verdict, said->where, rubric);
  leave_out_unused("question that is judged");
  used_.clear();
}

HumanVerdicts::Pairs HumanVerdicts::pairs_of(const std::string& task, const Rubric& rubric,
                                             const Answers& answers) {
  const std::vector<std::string> words = rubric.words();
  Pairs pairs;
  for (const Prediction& prediction : answers.judged) {
    const Said* said = find(task, answers.model, prediction.id);
    if (said == nullptr) continue;
    const std::string person = word_of(said->verdict, said->where, rubric);
    if (prediction.is_scored())
      pairs.verdicts.emplace_back(place_of(person, words), place_of(prediction.output, words));
    else
      ++pairs.without;
  }
  return pairs;
}

std::vector<Agreement> HumanVerdicts::agreements(const std::string& task, const Rubric& rubric,
                                                 const std::vector<Answers>& models) {
  std::vector<Agreement> list;
  const auto add = [&](const std::string& model, const Pairs& pairs) {
    if (pairs.verdicts.empty() && pairs.without == 0) return;
    Agreement& agreement = list.emplace_back(scores::agreement(rubric.words(), pairs.verdicts));
    agreement.task = task;
    agreement.model = model;
    agreement.without = pairs.without;
  };
  Pairs all;
  for (const Answers& answers : models) {
    const Pairs pairs = pairs_of(task, rubric, answers);
    add(answers.model, pairs);
    all.verdicts.insert(all.verdicts.end(), pairs.verdicts.begin(), pairs.verdicts.end());
    all.without += pairs.without;
  }
  if (models.size() > 1) add("", all);
  return list;
}

void HumanVerdicts::leave_out_unused(const std::string& what) {
  if (used_.empty())
    throw bad_data(
        file_.string() + ": none of its ids is that of any " + what,
        "ids are those of predictions/TASK.LABEL.jsonl; task and model, where given, its task and label");
  const std::size_t left_out =
      std::erase_if(said_, [&](const auto& entry) { return !used_.contains(&entry.second); });
  if (left_out > 0)
    warn(fmt::format("{}: {} of {} verdicts are on no {}, and left out", file_.string(), left_out,
                     left_out + said_.size(), what));
}

}  // namespace film::evaluation
