#pragma once
// A table of text below a heading.
#include <string>
#include <vector>

namespace film::report {

struct TextTable {
  std::vector<std::string> columns;
  std::size_t words = 0;  // so many columns are words, the others numbers
  std::vector<std::vector<std::string>> rows;
  std::string explained;  // may be empty
};

// A section of a page; empty without rows.
std::string table_html(const std::string& heading, const TextTable& table);

}  // namespace film::report
