#include "rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "columns.h"
#include "film/base/as_number.h"
#include "film/base/error.h"
#include "film/base/strings.h"
#include "race.h"

namespace film::tasks {
namespace {

constexpr std::size_t kMostChoices = 26;  // letters

std::optional<std::size_t> place_in(const std::vector<std::string>& list, const std::string& text) {
  const auto same = std::find(list.begin(), list.end(), text);
  return same == list.end() ? std::nullopt : std::optional(static_cast<std::size_t>(same - list.begin()));
}

std::optional<std::size_t> letter(const std::string& text) {
  const bool is_one = text.size() == 1 && is_ascii_upper(text[0]);
  return is_one ? std::optional(static_cast<std::size_t>(text[0] - 'A')) : std::nullopt;
}

// true and false are numbers, as in Python.
std::optional<std::size_t> number_or_truth(const std::string& text) {
  const std::string lower = to_lower_ascii(text);
  return lower == "false" ? 0 : lower == "true" ? 1 : as_number<std::uint32_t>(text);
}

// Which choice an answer names.
std::optional<std::size_t> named_choice(const std::string& answer, const TaskRow& row, Named named) {
  std::optional<std::size_t> index;
  if (named == Named::label) index = place_in(row.labels, answer);
  if (named == Named::any || named == Named::text) index = place_in(row.choices, answer);
  if (!index && (named == Named::any || named == Named::letter)) index = letter(answer);
  if (!index && named == Named::any) index = as_number<std::uint32_t>(answer);
  if (named == Named::number) index = number_or_truth(answer);
  return index && *index < row.choices.size() ? index : std::nullopt;
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
  const Named named = spec.layout == Layout::race ? Named::letter : spec.named;
  const auto right = named_choice(row.answers.front(), row, named);
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
  if (slot.empty() && need_not_be_there(spec.columns.slot)) return "";
  const auto at = as_number<std::uint32_t>(slot),
             of = spec.slots > 0 ? std::optional(spec.slots) : as_number<std::uint32_t>(slots);
  if (!at || !of || *at >= *of) return "position out of range";
  row.evidence = {*at, *of};
  return "";
}

// Texts as `clean` of the task file says; what is done to the prompt comes when it is filled.
void clean(TaskRow& row, const TaskSpec& spec) {
  const auto each = [](std::vector<std::string>& texts, CleanBy by) {
    for (std::string& text : texts) text = cleaned(text, by);
  };
  for (const Cleaning& cleaning : spec.clean) {
    if (cleaning.of == "context") row.context = cleaned(row.context, cleaning.by);
    if (cleaning.of == "question") row.question = cleaned(row.question, cleaning.by);
    for (std::size_t i = 0; i < row.others.size(); ++i)
      if (cleaning.of == spec.columns.others[i]) row.others[i] = cleaned(row.others[i], cleaning.by);
    if (cleaning.of != "choices") continue;
    each(row.choices, cleaning.by);
    each(row.answers, cleaning.by);  // which may be one of them
  }
}

bool is_message(const Json& message) {
  const auto text = [&](const char* key) {
    return message.contains(key) && message[key].is_string() ? message[key].get<std::string>() : "";
  };
  return message.is_object() && message.contains("content") && message["content"].is_string() &&
         (text("role") == "user" || text("role") == "assistant" || text("role") == "system");
}

// Whether a text is a conversation that the user has begun and ended.
bool is_conversation(const std::string& text) {
  const Json messages = try_parse_json(text).value_or(Json());
  return messages.is_array() && !messages.empty() && std::ranges::all_of(messages, is_message) &&
         messages.back()["role"] == "user";
}

// Why a row cannot be asked; empty if it can.
std::string complete(TaskRow& row, const TaskSpec& spec, bool asked) {
  std::erase(row.answers, "");
  if (row.answers.empty()) return "no answer";
  if (asked && spec.wrap == Wrap::messages && !is_conversation(row.question))
    return "question is no list of messages that ends with the user's";
  clean(row, spec);
  return spec.has_choices() ? complete_choices(row, spec) : "";
}

// Numbers with zeros in front sort as text.
std::string numbered(std::uint64_t row) {
  const std::string digits = std::to_string(row + 1);
  return std::string(6 - std::min<std::size_t>(6, digits.size()), '0') + digits;
}

}  // namespace

std::string choice_letter(std::size_t choice) { return std::string(1, static_cast<char>('A' + choice)); }

TaskRows read_rows(const std::vector<DataFile>& data, const TaskSpec& spec, bool prompts, OddRows& odd) {
  using sources::FileKind;
  const sources::FileFilter filter{{}, {FileKind::jsonl, FileKind::csv, FileKind::tsv, FileKind::parquet}};
  std::vector<fs::path> paths;
  for (const DataFile& file : data) paths.push_back(file.path);
  const auto files = sources::list_files(paths, filter, spec.name + ": file").files;
  const RowColumns columns(spec, prompts);
  TaskRows read;
  std::set<std::string> ids;
  bool unique = true;
  sources::for_each_row(files, columns.asked(), [&](sources::Row&& raw) {
    if (raw.fault == sources::RowFault::empty) return;
    const std::string where = sources::where(raw, files);
    const std::uint64_t at = read.total++;
    if (raw.fault) return odd.count(raw, files);
    TaskRow row{columns.id(raw),
                columns.context(raw),
                columns.question(raw),
                columns.answers(raw),
                spec.choices.empty() ? columns.choices(raw) : spec.choices,
                columns.labels(raw),
                columns.others(raw),
                {},
                columns.group(raw),
                at,
                std::string(trim(columns.answer_start(raw))),
                data.at(raw.file).length};
    if (row.id.empty())
      row.id = numbered(at);
    else if (data.size() > 1)
      row.id = fmt::format("{:07}-{:0>6}", row.length, row.id);
    std::string problem = complete_evidence(row, spec, columns.slot(raw), columns.slots(raw));
    if (problem.empty() && spec.layout == Layout::race)
      problem = complete_race(row, columns, raw, spec.race_v2);
    if (problem.empty()) problem = complete(row, spec, prompts);
    if (!problem.empty()) return odd.count(problem, where);
    if (!ids.insert(row.id).second) {
      if (!need_not_be_there(spec.columns.id)) throw bad_data(where + ": id \"" + row.id + "\" occurs twice");
      unique = false;
    }
    read.rows.push_back(std::move(row));
  });
  if (!unique)
    for (TaskRow& row : read.rows) row.id = numbered(row.row);
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
    if (const std::string problem = complete(row, spec, false); problem.empty())
      read.rows.push_back(std::move(row));
    else
      odd.count(problem, "the output for question " + row.id);
  }
  return read;
}

}  // namespace film::tasks
