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
  RowColumns(const TaskColumns& names, bool prompts) {
    id_ = add(names.id, sources::CellType::scalar, prompts);
    context_ = add(names.context, sources::CellType::string, prompts);
    question_ = add(names.question, sources::CellType::string, prompts);
    answers_.push_back(add(names.answers, sources::CellType::list));
    for (const std::string& name : names.more_answers) answers_.push_back(add(name, sources::CellType::list));
    group_ = add(names.group, sources::CellType::scalar);
    slot_ = add(names.slot, sources::CellType::scalar);
    slots_ = add(names.slots, sources::CellType::scalar);
    const auto type = names.choices.size() == 1 ? sources::CellType::list : sources::CellType::scalar;
    for (const std::string& name : names.choices) choices_.push_back(add(name, type));
  }

  const sources::Columns& asked() const { return columns_; }
  std::string text(const sources::Row& row, std::size_t column) const {
    return column == kNone ? "" : row.cells[column].text;
  }
  std::vector<std::string> answers(const sources::Row& row) const {
    std::vector<std::string> all;
    for (const std::size_t column : answers_) {
      const auto& list = row.cells[column].list;
      all.insert(all.end(), list.begin(), list.end());
    }
    return all;
  }
  std::vector<std::string> choices(const sources::Row& row) const {
    if (choices_.size() == 1) return row.cells[choices_[0]].list;
    std::vector<std::string> list;
    for (const std::size_t column : choices_) list.push_back(row.cells[column].text);
    return list;
  }

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t id_, context_, question_, group_, slot_, slots_;

 private:
  std::size_t add(const std::string& name, sources::CellType type, bool required = true) {
    if (name.empty()) return kNone;
    columns_.columns.push_back({name, type, required});
    return columns_.columns.size() - 1;
  }
  sources::Columns columns_;
  std::vector<std::size_t> answers_, choices_;
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

// The letters of all choices that read as the right one does.
std::vector<std::string> letters_of(const std::string& right, const std::vector<std::string>& choices) {
  std::vector<std::string> letters;
  for (std::size_t c = 0; c < choices.size(); ++c)
    if (choices[c] == right) letters.push_back(choice_letter(c));
  return letters;
}

// Why a row with choices cannot be asked; empty if it can.
std::string complete_choices(TaskRow& row, const TaskSpec& spec) {
  if (row.choices.size() < 2 || row.choices.size() > kMostChoices) return "not 2 to 26 choices";
  if (spec.mode != Mode::choose && spec.rated != Rated::letter) return "";
  const auto right = named_choice(row.answers.front(), row.choices);
  if (!right) return "answer is not one of the choices";
  if (spec.rated == Rated::text)
    row.answers = {row.choices[*right]};
  else if (spec.mode == Mode::choose)
    row.answers = {choice_letter(*right)};
  else
    row.answers = letters_of(row.choices[*right], row.choices);
  return "";
}

// Why a row has no position; empty if it has, or need not.
std::string complete_evidence(TaskRow& row, const TaskSpec& spec, const std::string& slot,
                              const std::string& slots) {
  if (spec.columns.slot.empty()) return "";
  const auto at = number(slot), of = spec.slots > 0 ? std::optional(spec.slots) : number(slots);
  if (!at || !of || *at >= *of) return "position out of range";
  row.evidence = {*at, *of};
  return "";
}

// Why a row cannot be asked; empty if it can.
std::string complete(TaskRow& row, const TaskSpec& spec) {
  std::erase(row.answers, "");
  if (row.answers.empty()) return "no answer";
  return spec.columns.choices.empty() ? "" : complete_choices(row, spec);
}

// Numbers with zeros in front sort as text.
std::string numbered(std::uint64_t row) {
  const std::string digits = std::to_string(row + 1);
  return std::string(6 - std::min<std::size_t>(6, digits.size()), '0') + digits;
}

}  // namespace

std::string choice_letter(std::size_t choice) { return std::string(1, static_cast<char>('A' + choice)); }

TaskRows read_rows(const fs::path& file, const TaskSpec& spec, std::size_t limit, bool prompts,
                   OddRows& odd) {
  const sources::FileFilter filter{
      {}, {sources::FileKind::jsonl, sources::FileKind::csv, sources::FileKind::tsv}};
  const auto files = sources::list_files({file}, filter, spec.name + ": file").files;
  const RowColumns columns(spec.columns, prompts);
  TaskRows read;
  std::set<std::string> ids;
  sources::for_each_row(files, columns.asked(), [&](sources::Row&& raw) {
    if (raw.fault == sources::RowFault::empty || read.rows.size() == limit) return;
    const std::string where = sources::where(raw, files);
    const std::uint64_t at = read.total++;
    if (raw.fault) return odd.count(raw, files);
    TaskRow row{columns.text(raw, columns.id_),
                columns.text(raw, columns.context_),
                columns.text(raw, columns.question_),
                columns.answers(raw),
                {},
                {},
                columns.text(raw, columns.group_),
                at};
    if (!spec.columns.choices.empty()) row.choices = columns.choices(raw);
    if (row.id.empty()) row.id = numbered(at);
    std::string problem =
        complete_evidence(row, spec, columns.text(raw, columns.slot_), columns.text(raw, columns.slots_));
    if (problem.empty()) problem = complete(row, spec);
    if (!problem.empty()) return odd.count(problem, where);
    if (!ids.insert(row.id).second) throw bad_data(where + ": id \"" + row.id + "\" occurs twice");
    read.rows.push_back(std::move(row));
  });
  return read;
}

TaskRows rows_of(const std::vector<GivenQuestion>& given, const TaskSpec& spec, OddRows& odd) {
  TaskRows read;
  std::set<std::string> ids;
  for (const GivenQuestion& question : given) {
    TaskRow row;
    row.row = read.total++;
    row.id = question.id.empty() ? numbered(row.row) : question.id;
    if (!ids.insert(row.id).second)
      throw bad_data("task " + spec.name + ": two outputs have the id \"" + row.id + "\"",
                     "name the files of one run");
    row.answers = question.answers;
    row.choices = question.choices;
    if (const std::string problem = complete(row, spec); problem.empty())
      read.rows.push_back(std::move(row));
    else
      odd.count(problem, "the output for question " + row.id);
  }
  return read;
}

}  // namespace film::tasks
