#pragma once
// CSV as RFC 4180 has it: a header row, fields in double quotes may hold commas, quotes ("") and line breaks.
#include <string>
#include <vector>

#include "film/base/lines.h"

namespace film::scores {

class CsvReader {
 public:
  explicit CsvReader(const fs::path& path);           // reads the header; throws no_input, bad_data
  std::size_t column(const std::string& name) const;  // throws bad_data naming the columns there are
  // The next row, with as many values as the header; throws bad_data naming file and line.
  bool next(std::vector<std::string>& values);

 private:
  bool row(std::vector<std::string>& values);
  LineReader lines_;
  std::vector<std::string> header_;
};

}  // namespace film::scores
