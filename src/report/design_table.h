#pragma once
// Tables of text: position x length x filler, a row for each cell of each model; and differences between models.
#include <string>
#include <vector>

#include "film/report/report.h"

namespace film::report {

struct TextTable {
  std::vector<std::string> columns;
  std::size_t words = 0;  // so many columns are words, the others numbers
  std::vector<std::vector<std::string>> rows;
  std::string explained;
};

// Empty rows where no score has such cells.
TextTable design_table(const ReportInput& input);
std::string design_html(const ReportInput& input);  // a section of the page; empty where there is nothing

// The ends of each curve against its middle; empty rows where no score has them.
TextTable ends_table(const ReportInput& input);
std::string ends_html(const ReportInput& input);

// Differences between any two of several models; empty rows with fewer than three, whose differences are in the scores.
TextTable pair_table(const ReportInput& input);
std::string pair_html(const ReportInput& input);

}  // namespace film::report
