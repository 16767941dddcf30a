#pragma once
// The rows of a task file's data, checked.
#include <optional>
#include <string>
#include <vector>

#include "odd_rows.h"
#include "spec.h"

namespace film::tasks {

struct TaskRow {
  std::string id, context, question;
  std::vector<std::string> answers;  // never empty; of Mode::choose one, the right choice
  std::vector<std::string> choices;
  std::optional<EvidenceSlot> evidence;
};

// At most `limit` rows. Rows that cannot be used are counted in `odd`. Throws no_input, and bad_data for an
// id that occurs twice.
std::vector<TaskRow> read_rows(const fs::path& file, const TaskSpec& spec, std::size_t limit, OddRows& odd);

// "A", "B", …
std::string choice_letter(std::size_t choice);

}  // namespace film::tasks
