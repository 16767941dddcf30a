#pragma once
// Rows of a file of questions that people wrote: CSV (also with ; or tabs) or JSONL, plain or compressed.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "film/base/lines.h"

namespace film::questions {

struct ImportRow {
  std::string where;  // "questions.csv:12", the line on which the row begins
  std::string question, answer;
  std::optional<std::uint64_t> context;  // id in the DATA folder
  std::vector<std::string> quotes;       // text that stands in the evidence
  const char* problem = nullptr;         // why it cannot be used, e.g. "bad_line"
  std::string detail;
};

// Calls `use` for every row. Columns or keys: question, answer, context (an id), evidence or quote (text;
// several as a JSON list, or in CSV parted by " || "). Throws no_input, and bad_data for a CSV header without
// question and answer; a bad row is a row with a problem.
void read_import_rows(const fs::path& file, const std::function<void(ImportRow)>& use);

// One record of CSV (RFC 4180: quoted cells may hold the delimiter, line breaks and doubled quotes), or false
// at the end. `line` is the number of the line on which it begins. Throws bad_data when a quoted cell never
// closes.
bool read_csv_record(LineReader& lines, char delimiter, std::vector<std::string>& cells, std::uint64_t& line);

}  // namespace film::questions
