#include <algorithm>
#include <map>
#include <set>

#include "film/base/byte_stream.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/strings.h"
#include "film/base/thinking.h"
#include "form.h"

namespace film::outputs {
namespace {

bool fits(const FormReader& reader, const Json& row) {
  return std::all_of(reader.keys.begin(), reader.keys.end(),
                     [&](const char* key) { return row.contains(key); });
}

std::string known_forms() {
  std::string text;
  for (const FormReader& reader : form_readers())
    text += (text.empty() ? "" : "; ") + name_of(reader.form) + ": " + reader.help;
  return text;
}

const FormReader& told_by(const Json& row, const std::string& where) {
  for (const FormReader& reader : form_readers())
    if (fits(reader, row)) return reader;
  std::string keys;
  for (const auto& [key, value] : row.items()) keys += (keys.empty() ? "" : ", ") + key;
  throw bad_data(
      where + ": a row of no known form of outputs; its keys are " + (keys.empty() ? "none" : keys),
      "the forms are " + known_forms() + "; --set predictions_form=NAME names one");
}

// Of the form that the settings name, the reader whose keys the row has.
const FormReader& named(Form form, const Json& row, const std::string& where) {
  std::string keys;
  for (const FormReader& reader : form_readers()) {
    if (reader.form != form) continue;
    if (fits(reader, row)) return reader;
    keys += (keys.empty() ? "" : " or ") + std::string(reader.help);
  }
  throw bad_data(where + ": not a row of the form " + name_of(form) + ", whose keys are " + keys,
                 "compare predictions_form with the file");
}

// "a/hotpotqa.jsonl" -> "hotpotqa"
std::string stem_of(const fs::path& file) {
  fs::path name = file.filename();
  for (const std::string_view ending : kPackedEndings)
    if (name.extension() == ending) name = name.stem();
  for (const char* ending : {".jsonl", ".json"})
    if (name.extension() == ending) name = name.stem();
  return name.string();
}

void split_off_thinking(Output& output) {
  const Thinking thinking = split_thinking(output.text);
  if (thinking.characters == 0) return;
  output.text = std::string(trim(thinking.answer));
  if (output.text.empty()) output.state = AnswerState::thinking;
}

// What is nothing but white space is no answer.
void set_state(Output& output) {
  split_off_thinking(output);
  const bool blank = output.log_likelihoods.empty() && trim(output.text).empty();
  if (output.state == AnswerState::given && blank) output.state = AnswerState::empty;
}

// The harness writes a row for each of its filters: the same output again, which is taken once.
bool is_repeated(const std::vector<Output>& outputs, const Output& next,
                 std::map<std::uint64_t, std::size_t>& places) {
  const auto [place, is_new] = places.emplace(*next.number, outputs.size());
  if (is_new) return false;
  const Output& before = outputs[place->second];
  if (before.text == next.text && before.log_likelihoods == next.log_likelihoods) return true;
  throw bad_data(
      next.where + ": doc_id " + std::to_string(*next.number) + " has another output at " + before.where,
      "the file holds two runs: keep the rows of one");
}

// RULER's index is the same for several samples in some of its versions: then it names none of them.
void drop_ids_that_repeat(std::vector<Output>& outputs, std::size_t first) {
  std::set<std::string> seen;
  const auto begin = outputs.begin() + static_cast<std::ptrdiff_t>(first);
  const bool unique =
      std::all_of(begin, outputs.end(), [&](const Output& o) { return seen.insert(o.id).second; });
  if (!unique)
    for (auto output = begin; output != outputs.end(); ++output) output->id.clear();
}

void read_file_of_outputs(const fs::path& file, Form form, std::vector<Output>& outputs) {
  LineReader lines(file, LineFile::user);
  const std::size_t first = outputs.size();
  const FormReader* reader = nullptr;
  std::map<std::uint64_t, std::size_t> places;
  for (std::string line; lines.next(line);) {
    if (trim(line).empty()) continue;
    const Json row =
        parse_json(lines.line_number() == 1 ? without_byte_order_mark(line) : line, lines.where());
    if (!row.is_object())
      throw bad_data(lines.where() + ": a row must be a JSON object, got " + to_line(row).substr(0, 80));
    if (reader == nullptr || !fits(*reader, row))
      reader = form == Form::automatic ? &told_by(row, lines.where()) : &named(form, row, lines.where());
    Output output = reader->read(row, lines.where());
    output.where = lines.where();
    if (output.task.empty() && reader->task != nullptr) output.task = reader->task(stem_of(file));
    if (reader->form != Form::film) set_state(output);  // film has written what it is
    if (!output.number || !is_repeated(outputs, output, places)) outputs.push_back(std::move(output));
  }
  if (outputs.size() == first)
    throw bad_data(file.string() + ": there is no output in it", "name files with a row for each question");
  if (reader->form == Form::ruler) drop_ids_that_repeat(outputs, first);
}

}  // namespace

std::vector<Output> read_outputs(const std::vector<fs::path>& files, Form form) {
  std::vector<Output> outputs;
  for (const fs::path& file : files) {
    if (fs::is_directory(file))
      throw no_input(file.string() + " is a folder, not a file of outputs", "name the files in it");
    read_file_of_outputs(file, form, outputs);
  }
  return outputs;
}

}  // namespace film::outputs
