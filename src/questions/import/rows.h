#pragma once
// Rows of a file of questions that people wrote: CSV (also with ; or tabs) or JSONL, plain or compressed.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../reject_reason.h"
#include "film/base/files.h"
#include "film/records/records.h"

namespace film::questions {

struct ImportRow {
  std::string where;  // "questions.csv:12", the line on which the row begins
  std::string question, answer;
  std::optional<std::uint64_t> context;       // id in the DATA folder
  std::vector<std::string> quotes;            // normalised text of the evidence
  std::optional<Split> split;                 // whose contexts it is about; nothing: any
  std::optional<RejectReason> reject_reason;  // why it cannot be used
  std::string detail;                         // for people
};

// Calls `use` for every row but blank ones. Columns or keys, in any case: question, answer, context or
// context_id (a number), evidence, quote or quotes (text; several as a JSON list, or separated by " || "), split.
// A row that cannot be used is a row with a reason. Throws no_input, and bad_data for a file without rows or
// a CSV header without question and answer.
void read_import_rows(const fs::path& file, const std::function<void(ImportRow)>& use);

}  // namespace film::questions
