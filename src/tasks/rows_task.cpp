#include "rows_task.h"

#include <algorithm>
#include <map>
#include <set>

#include "data_files.h"
#include "film/base/error.h"
#include "prompt.h"
#include "rows.h"

namespace film::tasks {
namespace {

answers::Form form_of(Wrap wrap) {
  switch (wrap) {
    case Wrap::none:
      return answers::Form::text;
    case Wrap::messages:
      return answers::Form::messages;
    case Wrap::instruction:
      break;
  }
  return answers::Form::instruction;
}

// What guessing would score, 0 to 100: known where there are choices.
std::optional<double> chance_of(const Task& task) {
  if (task.mode != Mode::choose || task.item_count() == 0) return {};
  double sum = 0;
  for (const ContextItems& context : task.contexts)
    for (const Item& item : context.items) sum += 100.0 / static_cast<double>(item.choices.size());
  return sum / static_cast<double>(task.item_count());
}

class Builder {
 public:
  Builder(const TaskSpec& spec, const BuildInput& input)
      : spec_(spec),
        input_(input),
        odd_("task " + spec.name),
        context_in_prompt_(spec.prompt.find("{context}") != std::string::npos) {
    if (spec.max_prompt_tokens > 0 && !input.answers_only && !input.tokenizer)
      throw config_error("task " + spec.name + " has max_prompt_tokens, but there is no tokenizer",
                         "--set tokenizer=FILE of a .model");
  }

  Task build() {
    const std::vector<TaskRow> rows = asked_rows();
    Task task;
    task.rows = total_;
    task.name = spec_.name;
    task.metric = spec_.metric;
    task.mode = spec_.mode;
    task.begin = spec_.begin;
    task.form = form_of(spec_.wrap);
    task.answer_lead = spec_.answer_lead;
    task.lengths = spec_.lengths;
    task.decoding.max_new_tokens = spec_.max_new_tokens;
    task.decoding.stop = spec_.stop;
    for (const TaskRow& row : rows) add(row, task);
    note(task, rows.size());
    return task;
  }

 private:
  // All rows of the data but those that serve as examples, or the questions that came with outputs.
  std::vector<TaskRow> asked_rows() {
    if (input_.given.empty() || reads_data_anyway(spec_, input_.settings.task_data)) return rows_of_data();
    TaskRows read = rows_of(input_.given, spec_, odd_);
    total_ = read.total;
    if (read.rows.empty()) throw odd_.nothing_usable("task " + spec_.name + ": no question in the outputs");
    return std::move(read.rows);
  }

  std::vector<TaskRow> rows_of_data() {
    const std::string& folder = input_.settings.task_data;
    const std::vector<DataFile> data = data_files(spec_, folder);
    const bool prompts = !input_.answers_only;
    TaskRows read = read_rows(data, spec_, prompts || input_.questions, odd_);
    std::vector<TaskRow>& rows = read.rows;
    total_ = read.total;
    leave_out_skipped(rows, folder);
    if (!spec_.shots.file.empty()) {
      if (prompts) read_examples(data_file(spec_, spec_.shots.file, folder));
    } else {
      take_examples(rows);
    }
    if (rows.empty()) throw odd_.nothing_usable("no question in " + data.front().path.string());
    return std::move(rows);
  }

  // The first rows, which are then not asked.
  void take_examples(std::vector<TaskRow>& rows) {
    const std::size_t count = std::min<std::size_t>(rows.size(), spec_.shots.count);
    const auto end = rows.begin() + static_cast<std::ptrdiff_t>(count);
    const std::vector<TaskRow> shots(std::make_move_iterator(rows.begin()), std::make_move_iterator(end));
    rows.erase(rows.begin(), end);
    keep_examples("", shots);
  }

  // Rows of a file of their own; of each value of shots.match the first.
  void read_examples(const fs::path& file) {
    std::map<std::string, std::vector<TaskRow>> shots;
    for (TaskRow& row : read_rows({{file, 0}}, spec_, true, odd_).rows) {
      std::vector<TaskRow>& group = shots[match_of(row)];
      if (group.size() < spec_.shots.count) group.push_back(std::move(row));
    }
    if (shots.empty()) keep_examples("", {});
    for (const auto& [match, group] : shots) keep_examples(match, group);
  }

  void keep_examples(const std::string& match, const std::vector<TaskRow>& shots) {
    if (!input_.answers_only && shots.size() < spec_.shots.count)
      throw bad_data("task " + spec_.name + ": shots.count is " + std::to_string(spec_.shots.count) +
                         ", but there are only " + std::to_string(shots.size()) +
                         " usable rows for examples" +
                         (match.empty() ? "" : " of " + spec_.shots.match + " \"" + match + "\""),
                     "lower shots.count, or name another shots.file");
    examples_[match] = filled_examples(spec_, shots);
  }

  // What shots.match of the row is; empty: there is none.
  std::string match_of(const TaskRow& row) const {
    if (spec_.shots.match.empty()) return "";
    const auto& others = spec_.columns.others;
    return row
        .others[static_cast<std::size_t>(std::ranges::find(others, spec_.shots.match) - others.begin())];
  }

  const std::string& examples_for(const TaskRow& row) const {
    static const std::string kNone;
    if (spec_.shots.count == 0) return kNone;
    const auto found = examples_.find(match_of(row));
    if (found == examples_.end())
      throw bad_data("task " + spec_.name + ": there is no example of " + spec_.shots.match + " \"" +
                         match_of(row) + "\" for question " + row.id,
                     "complete shots.file, or set shots.count to 0");
    return found->second;
  }

  // Rows whose numbers the file `skip` lists are not asked.
  void leave_out_skipped(std::vector<TaskRow>& rows, const std::string& folder) {
    if (spec_.skip.empty()) return;
    const fs::path file = data_file(spec_, spec_.skip, folder);
    const auto list = read_value<std::vector<std::uint64_t>>(read_json(file));
    if (!list) throw bad_data(file.string() + ": must be a list of row numbers, [3, 14]");
    const std::set<std::uint64_t> skipped(list->begin(), list->end());
    skipped_ = std::erase_if(rows, [&](const TaskRow& row) { return skipped.contains(row.row); });
  }

  void add(const TaskRow& row, Task& task) {
    Item item{row.id, "", row.answers, {}, row.evidence, {}, row.row, row.answer_start};
    item.length = row.length;
    if (!input_.answers_only) item.question = kept(filled_prompt(spec_, row, examples_for(row)));
    if (input_.questions) item.asked = row.question;
    if (spec_.mode == Mode::choose)
      for (std::size_t c = 0; c < row.choices.size(); ++c)
        item.choices.push_back(spec_.rated == Rated::letter ? choice_letter(c) : row.choices[c]);
    if (!fits_last(row, task)) {
      task.contexts.emplace_back();
      task.contexts.back().group = row.group;
      if (apart(row)) task.contexts.back().open = [text = kept(row.context)] { return Passage{{text}, {}}; };
    }
    last_context_ = row.context;
    last_group_ = row.group;
    task.contexts.back().items.push_back(std::move(item));
  }

  // Whether the context goes where the model's prompt template has it.
  bool apart(const TaskRow& row) const {
    return !input_.answers_only && !context_in_prompt_ && !row.context.empty();
  }

  // Whether the row can be asked together with the one before: about the same context, or both without.
  bool fits_last(const TaskRow& row, const Task& task) const {
    if (task.contexts.empty() || row.group != last_group_) return false;
    const bool last_apart = static_cast<bool>(task.contexts.back().open);
    return apart(row) ? last_apart && row.context == last_context_ : !last_apart;
  }

  // The text, without its middle if it is too long.
  std::string kept(const std::string& text) {
    if (spec_.max_prompt_tokens == 0) return text;
    Truncated truncated = without_middle(text, spec_.max_prompt_tokens, *input_.tokenizer);
    truncated_ += truncated.cut > 0;
    cut_tokens_ += truncated.cut;
    return std::move(truncated.text);
  }

  void note(Task& task, std::size_t rows) {
    if (!spec_.group.empty()) task.notes["group"] = spec_.group;
    task.notes["questions"] = rows;
    if (const auto chance = chance_of(task)) task.notes["chance"] = *chance;
    if (spec_.shots.count > 0) task.notes["shots"] = spec_.shots.count;
    if (spec_.max_prompt_tokens > 0 && !input_.answers_only)
      task.notes["truncated"] = {{"texts", truncated_}, {"tokens", cut_tokens_}};
    if (skipped_ > 0) task.notes["skipped"] = skipped_;
    if (!input_.given.empty() && !reads_data_anyway(spec_, input_.settings.task_data))
      task.notes["reference_answers"] = "from the file of outputs";
    odd_.note(task.notes);
    if (!spec_.remark.empty()) task.notes["remark"] = spec_.remark;
  }

  const TaskSpec& spec_;
  const BuildInput& input_;
  OddRows odd_;
  bool context_in_prompt_;
  std::map<std::string, std::string> examples_;  // by what shots.match is
  std::string last_context_, last_group_;
  std::uint64_t total_ = 0, skipped_ = 0, truncated_ = 0, cut_tokens_ = 0;
};

}  // namespace

Task build_rows_task(const TaskSpec& spec, const BuildInput& input) { return Builder(spec, input).build(); }

}  // namespace film::tasks
