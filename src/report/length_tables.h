#pragma once
// Benchmarks of lengths as a table of text: models by length, with base score and effective length.
#include <string>
#include <vector>

#include "film/report/report.h"
#include "text_table.h"

namespace film::report {

struct NamedTable {
  std::string heading;
  TextTable table;
};

// One for each benchmark.
std::vector<NamedTable> length_tables(const ReportInput& input);
std::string lengths_html(const ReportInput& input);

}  // namespace film::report
