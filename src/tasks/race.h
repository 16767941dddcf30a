#pragma once
// RACE as lm-evaluation-harness asks it: of every article the last question; the others stand in front with their answers.
#include <string>

#include "columns.h"
#include "rows.h"

namespace film::tasks {

// Sets question, choices and the letter of the right one. The row holds its questions as a list of objects with question,
// answer (a letter) and options, as in EleutherAI/race, or as three lists side by side, as in RACE's own files. A question
// that ends with "  _  ." is a sentence whose blank its answer fills; with `v2` only what is behind its last five
// characters' beginning is kept, as the harness did until 0.4.11. Returns why the row cannot be asked; empty if it can.
std::string complete_race(TaskRow& row, const RowColumns& columns, const sources::Row& raw, bool v2);

}  // namespace film::tasks
