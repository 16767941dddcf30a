#pragma once
// CSV as RFC 4180 has it, the only reader of it. Cells in double quotes may hold delimiters, quotes ("") and line
// breaks; a quote inside a cell that does not begin with one is data. A line break inside quotes becomes '\n',
// whether the file has CR LF or LF; a CR anywhere else in a cell is kept.
#include <cstdint>
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

// A file with a header. Its delimiter is the most frequent of , ; and tab in the first line.
class CsvTable {
 public:
  explicit CsvTable(const fs::path& path);  // throws bad_data: the file is empty
  const std::vector<std::string>& columns() const { return header_; }
  std::size_t column(const std::string& name) const;  // throws bad_data naming those there are
  // The next record as it is; the caller judges an odd number of cells.
  bool next(std::vector<std::string>& cells) { return records_.next(cells); }
  // The next record; throws bad_data naming file and line unless it has as many cells as the header.
  bool next_whole(std::vector<std::string>& cells);
  std::uint64_t line() const { return records_.line(); }
  std::string where() const { return records_.where(); }

 private:
  CsvReader records_;
  std::vector<std::string> header_;
};

// The most frequent of , ; and tab in a header line.
char csv_delimiter(std::string_view header);

// The cells of one record without line breaks inside quotes.
std::vector<std::string> csv_cells(std::string_view record, char delimiter = ',');

// `text` as one cell on one line: quoted where it must be, line breaks become blanks.
std::string csv_cell(std::string_view text);

}  // namespace film
