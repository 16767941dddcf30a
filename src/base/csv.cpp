#include "film/base/csv.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/base/terminal.h"

namespace film {
namespace {

// Takes the lines of one record.
class RecordParser {
 public:
  RecordParser(std::vector<std::string>& cells, char delimiter) : cells_(cells), delimiter_(delimiter) {
    cells_.assign(1, "");
  }

  // False when the record goes on in the next line.
  bool take(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (quoted_)
        i += take_quoted(line.substr(i));
      else
        take_plain(line[i]);
    }
    if (quoted_) cells_.back() += '\n';
    return !quoted_;
  }

 private:
  // Returns 1 for "", which takes two bytes.
  std::size_t take_quoted(std::string_view rest) {
    if (rest[0] != '"') {
      cells_.back() += rest[0];
      return 0;
    }
    if (rest.substr(1, 1) == "\"") {
      cells_.back() += '"';
      return 1;
    }
    quoted_ = false;
    return 0;
  }

  void take_plain(char c) {
    if (c == delimiter_) {
      cells_.emplace_back();
      fresh_ = true;
      return;
    }
    if (c == '"' && fresh_)
      quoted_ = true;
    else
      cells_.back() += c;
    fresh_ = false;
  }

  std::vector<std::string>& cells_;
  char delimiter_;
  bool fresh_ = true;  // nothing of the cell was read yet
  bool quoted_ = false;
};

}  // namespace

CsvReader::CsvReader(const fs::path& path, char delimiter)
    : lines_(path, LineFile::user), delimiter_(delimiter) {}

bool CsvReader::next(std::vector<std::string>& cells) {
  std::string text;
  if (!lines_.next(text)) return false;
  line_ = lines_.line_number();
  if (line_ == 1) text = without_byte_order_mark(text);
  RecordParser record(cells, delimiter_);
  while (!record.take(text))
    if (!lines_.next(text)) throw bad_data(where() + ": a quoted cell is never closed");
  return true;
}

std::string CsvReader::where() const { return path().string() + ":" + std::to_string(line_); }

char csv_delimiter(std::string_view header) {
  constexpr std::string_view kDelimiters = ",;\t|";  // of equals the first
  std::array<std::size_t, kDelimiters.size()> counts{};
  bool quoted = false;
  for (const char c : header) {
    if (c == '"') quoted = !quoted;
    const std::size_t which = kDelimiters.find(c);
    if (!quoted && which != std::string_view::npos) ++counts[which];
  }
  return kDelimiters[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

std::optional<char> csv_separator_line(std::string_view line) {
  line = trim(without_byte_order_mark(line), "\"");
  const bool names_one = line.size() == 5 && to_lower_ascii(line.substr(0, 4)) == "sep=";
  if (names_one) return line[4];
  return to_lower_ascii(line) == "sep=" ? std::optional('\t') : std::nullopt;  // trimmed away
}

std::vector<std::string> csv_cells(std::string_view record, char delimiter) {
  std::vector<std::string> cells;
  RecordParser(cells, delimiter).take(record);
  return cells;
}

namespace {

// What spreadsheets would compute instead of show; a number is one.
bool is_formula(std::string_view text) {
  if (text.empty() || std::string_view("=+-@\t").find(text.front()) == std::string_view::npos) return false;
  double value = 0;
  const char* end = text.data() + text.size();
  const char* begin = text.data() + (text.front() == '+' ? 1 : 0);
  return std::from_chars(begin, end, value).ptr != end;
}

}  // namespace

std::string csv_cell(std::string_view given) {
  std::string text(given);
  const bool is_quoted = text.find_first_of(",\"\r\n") != std::string::npos;
  for (char& c : text)
    if (c == '\r' || c == '\n') c = ' ';
  text = printable(text);
  if (is_formula(text)) text.insert(text.begin(), '\'');
  if (!is_quoted) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace film
