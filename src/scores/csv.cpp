#include "csv.h"

#include <algorithm>

#include "film/base/error.h"

namespace film::scores {

CsvReader::CsvReader(const fs::path& path) : lines_(path) {
  if (!row(header_)) throw bad_data(path.string() + ": an empty file, expected a header row");
  if (header_[0].starts_with("\xEF\xBB\xBF"))
    header_[0].erase(0, 3);  // a byte order mark, as spreadsheets write it
}

std::size_t CsvReader::column(const std::string& name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found != header_.end()) return static_cast<std::size_t>(found - header_.begin());
  std::string known;
  for (const std::string& column : header_) known += (known.empty() ? "" : ", ") + column;
  throw bad_data(lines_.path().string() + ": no column \"" + name + "\"", "it has: " + known);
}

bool CsvReader::next(std::vector<std::string>& values) {
  if (!row(values)) return false;
  if (values.size() != header_.size())
    throw bad_data(lines_.where() + ": " + std::to_string(values.size()) + " values, the header has " +
                   std::to_string(header_.size()));
  return true;
}

bool CsvReader::row(std::vector<std::string>& values) {
  values.assign(1, "");
  std::string line;
  if (!lines_.next(line)) return false;
  bool quoted = false;
  while (true) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
        values.back() += line[i++];
      } else if (line[i] == '"' && (quoted || values.back().empty())) {
        quoted = !quoted;
      } else if (line[i] == ',' && !quoted) {
        values.emplace_back();
      } else {
        values.back() += line[i];
      }
    }
    if (!quoted) return true;
    values.back() += '\n';
    const std::string where = lines_.where();
    if (!lines_.next(line)) throw bad_data(where + ": a quote is not closed");
  }
}

}  // namespace film::scores
