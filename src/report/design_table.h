#pragma once
// Tables of text: position x length x filler, a row for each cell of each model; and differences between models.
#include <string>

#include "film/report/report.h"
#include "text_table.h"

namespace film::report {

// Empty rows where no score has such cells.
TextTable design_table(const ReportInput& input);
std::string design_html(const ReportInput& input);  // a section of the page; empty where there is nothing

// The ends of each curve against its middle; empty rows where no score has them.
TextTable ends_table(const ReportInput& input);
std::string ends_html(const ReportInput& input);

// Differences between any two of several models; empty rows where there is one, which the scores have.
TextTable pair_table(const ReportInput& input);
std::string pair_html(const ReportInput& input);

}  // namespace film::report
