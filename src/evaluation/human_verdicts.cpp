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

Agreement HumanVerdicts::with(const std::string& task, const std::string& model, const Rubric& rubric,
                              const std::vector<Prediction>& judged) {
  const std::vector<std::string> words = rubric.words();
  Pairs pairs;
  for (const Prediction& prediction : judged) {
    const Said* said = find(task, model, prediction.id);
    if (said == nullptr) continue;
    const auto person = rubric.verdict_of_person(said->verdict);
    if (!person)
      throw bad_data(fmt::format("{}: the verdict \"{}\" is none of the rubric's: {}", said->where,
                                 said->verdict, fmt::join(words, ", ")),
                     "use the rubric's words, or 1 and 0");
    if (prediction.is_scored())
      pairs.verdicts.emplace_back(place_of(*person, words), place_of(prediction.output, words));
    else
      ++pairs.without;
  }
  Pairs& all = by_task_[task];
  all.verdicts.insert(all.verdicts.end(), pairs.verdicts.begin(), pairs.verdicts.end());
  all.without += pairs.without;
  Agreement agreement = scores::agreement(words, pairs.verdicts);
  agreement.task = task;
  agreement.model = model;
  agreement.without = pairs.without;
  return agreement;
}

Agreement HumanVerdicts::with_all(const std::string& task, const Rubric& rubric) const {
  const Pairs& pairs = by_task_.at(task);
  Agreement agreement = scores::agreement(rubric.words(), pairs.verdicts);
  agreement.task = task;
  agreement.without = pairs.without;
  return agreement;
}

void HumanVerdicts::finish() const {
  if (used_.empty())
    throw bad_data(
        file_.string() + ": none of its ids is that of an answer that was judged",
        "ids are those of predictions/TASK.LABEL.jsonl; task and model, where given, its task and label");
  if (used_.size() < said_.size())
    warn(fmt::format("{}: {} of {} verdicts are on no answer that was judged, and left out", file_.string(),
                     said_.size() - used_.size(), said_.size()));
}

}  // namespace film::evaluation
