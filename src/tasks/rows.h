#pragma once
// The rows of a task file's data, checked.
#include <optional>
#include <string>
#include <vector>

#include "film/tasks/build.h"
#include "odd_rows.h"
#include "spec.h"

namespace film::tasks {

struct TaskRow {
  std::string id, context, question;
  std::vector<std::string> answers;  // never empty; of Mode::choose one, the right choice
  std::vector<std::string> choices, labels;
  std::vector<std::string> others;  // as columns.others
  std::optional<EvidenceSlot> evidence;
  std::string group;      // rows of one group share a context; empty: not said
  std::uint64_t row = 0;  // of the file, from 0
  std::string answer_start = {};
  std::uint32_t length = 0;  // Item::length
};

struct TaskRows {
  std::vector<TaskRow> rows;
  std::uint64_t total = 0;  // with those that cannot be used
};

// A file of a task's data. length: that of its questions' contexts, as the name of its folder says; 0: it does not.
struct DataFile {
  fs::path path;
  std::uint32_t length = 0;
};

// The rows of all files, one file behind the other. Ids of several files have the length in front. Rows that cannot be used are counted in `odd`. Throws no_input, and bad_data for an
// id that occurs twice.
// Without `prompts` the columns of context and question need not be there.
TaskRows read_rows(const std::vector<DataFile>& data, const TaskSpec& spec, bool prompts, OddRows& odd);
// The same of reference answers that came with outputs.
TaskRows rows_of(const std::vector<GivenQuestion>& given, const TaskSpec& spec, OddRows& odd);

// "A", "B", …
std::string choice_letter(std::size_t choice);

}  // namespace film::tasks
