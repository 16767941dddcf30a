#pragma once
// CSV as RFC 4180 has it, the only reader of it. Cells in double quotes may hold delimiters, quotes ("") and line
// breaks; a quote inside a cell that does not begin with one is data. A line break inside quotes becomes '\n',
// whether the file has CR LF or LF; a CR anywhere else in a cell is kept. Where lines end with CR alone, and in UTF-16,
// as LineFile::user has it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "film/base/lines.h"

namespace film {

// Record by record; says nothing about how many cells each has. A byte order mark is passed over.
class CsvReader {
 public:
  explicit CsvReader(const fs::path& path, char delimiter = ',');
  bool next(std::vector<std::string>& cells);   // false at the end. Throws bad_data: a quote is never closed
  std::uint64_t line() const { return line_; }  // on which the record last returned begins
  std::string where() const;                    // "file:line" of it
  const fs::path& path() const { return lines_.path(); }

 private:
  LineReader lines_;
  char delimiter_;
  std::uint64_t line_ = 0;
};

// The most frequent of , ; tab and | in a header line, those in quotes not counted.
char csv_delimiter(std::string_view header);

// The delimiter that a line "sep=;" names, which Excel writes and reads in front of the header.
std::optional<char> csv_separator_line(std::string_view line);

// The cells of one record without line breaks inside quotes.
std::vector<std::string> csv_cells(std::string_view record, char delimiter = ',');

// `text` as one cell on one line: quoted where it must be, line breaks become blanks, control characters are shown
// (base/terminal.h), and what a spreadsheet would take for a formula begins with an apostrophe.
std::string csv_cell(std::string_view text);

}  // namespace film
