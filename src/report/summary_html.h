#pragma once
#include <string>

#include "film/report/report.h"

namespace film::report {

// The tables of the page's section on scores: tasks x models where there are many, then every score in a row.
std::string summary_html(const ReportInput& input);

}  // namespace film::report
