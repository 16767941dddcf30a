#include "rows.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "film/base/error.h"

namespace film::tasks {
namespace {

constexpr std::size_t kMostChoices = 26;  // letters

// Columns asked for; the position of each in a row's cells.
class RowColumns {
 public:
  explicit RowColumns(const TaskColumns& names) {
    id_ = add(names.id, sources::CellType::scalar);
    context_ = add(names.context, sources::CellType::string);
    question_ = add(names.question, sources::CellType::string);
    answers_ = add(names.answers, sources::CellType::list);
    slot_ = add(names.slot, sources::CellType::scalar);
    slots_ = add(names.slots, sources::CellType::scalar);
    const auto type = names.choices.size() == 1 ? sources::CellType::list : sources::CellType::scalar;
    for (const std::string& name : names.choices) choices_.push_back(add(name, type));
  }

  const sources::Columns& asked() const { return columns_; }
  std::string text(const sources::Row& row, std::size_t column) const {
    return column == kNone ? "" : row.cells[column].text;
  }
  std::vector<std::string> choices(const sources::Row& row) const {
    if (choices_.size() == 1) return row.cells[choices_[0]].list;
    std::vector<std::string> list;
    for (const std::size_t column : choices_) list.push_back(row.cells[column].text);
    return list;
  }

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t id_, context_, question_, answers_, slot_, slots_;

 private:
  std::size_t add(const std::string& name, sources::CellType type) {
    if (name.empty()) return kNone;
    columns_.columns.push_back({name, type, true});
    return columns_.columns.size() - 1;
  }
  sources::Columns columns_;
  std::vector<std::size_t> choices_;
};

std::optional<std::uint32_t> number(const std::string& text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// Which choice an answer names: by its text, its letter, or its number from 0.
std::optional<std::size_t> named_choice(const std::string& answer, const std::vector<std::string>& choices) {
  const auto same = std::find(choices.begin(), choices.end(), answer);
  if (same != choices.end()) return static_cast<std::size_t>(same - choices.begin());
  std::size_t index = choices.size();
  if (answer.size() == 1 && answer[0] >= 'A' && answer[0] <= 'Z')
    index = static_cast<std::size_t>(answer[0] - 'A');
  if (const auto given = number(answer)) index = *given;
  return index < choices.size() ? std::optional(index) : std::nullopt;
}

// Why a row cannot be asked; empty if it can.
std::string complete(TaskRow& row, const TaskSpec& spec, const std::string& slot, const std::string& slots) {
  std::erase(row.answers, "");
  if (row.answers.empty()) return "no answer";
  if (!spec.columns.slot.empty()) {
    const auto at = number(slot), of = number(slots);
    if (!at || !of || *at >= *of) return "position out of range";
    row.evidence = {*at, *of};
  }
  if (spec.columns.choices.empty()) return "";
  if (row.choices.size() < 2 || row.choices.size() > kMostChoices) return "not 2 to 26 choices";
  if (spec.mode != Mode::choose) return "";
  const auto right = named_choice(row.answers.front(), row.choices);
  if (!right) return "answer is not one of the choices";
  if (spec.rated == Rated::letter)
    row.answers = {choice_letter(*right)};
  else
    row.answers = {row.choices[*right]};
  return "";
}

}  // namespace

std::string choice_letter(std::size_t choice) { return std::string(1, static_cast<char>('A' + choice)); }

std::vector<TaskRow> read_rows(const fs::path& file, const TaskSpec& spec, std::size_t limit, OddRows& odd) {
  const sources::FileFilter filter{
      {}, {sources::FileKind::jsonl, sources::FileKind::csv, sources::FileKind::tsv}};
  const auto files = sources::list_files({file}, filter, spec.name + ": file").files;
  const RowColumns columns(spec.columns);
  std::vector<TaskRow> rows;
  std::set<std::string> ids;
  std::size_t number_of_row = 0;
  sources::for_each_row(files, columns.asked(), [&](sources::Row&& raw) {
    if (raw.fault == sources::RowFault::empty || rows.size() == limit) return;
    const std::string where = sources::where(raw, files);
    const std::string default_id = std::to_string(++number_of_row);
    if (raw.fault) return odd.count(raw, files);
    TaskRow row{columns.text(raw, columns.id_),
                columns.text(raw, columns.context_),
                columns.text(raw, columns.question_),
                raw.cells[columns.answers_].list,
                {},
                {}};
    if (!spec.columns.choices.empty()) row.choices = columns.choices(raw);
    if (row.id.empty())
      row.id = std::string(6 - std::min<std::size_t>(6, default_id.size()), '0') + default_id;
    const std::string problem =
        complete(row, spec, columns.text(raw, columns.slot_), columns.text(raw, columns.slots_));
    if (!problem.empty()) return odd.count(problem, where);
    if (!ids.insert(row.id).second) throw bad_data(where + ": id \"" + row.id + "\" occurs twice");
    rows.push_back(std::move(row));
  });
  return rows;
}

}  // namespace film::tasks
