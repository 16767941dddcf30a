#pragma once
// How far a judge agrees with people, as tables of text. Without such figures their rows are empty.
#include <string>

#include "film/report/report.h"
#include "text_table.h"

namespace film::report {

TextTable agreement_table(const ReportInput& input);
// How often which verdict of a person met which of the judge.
TextTable confusion_table(const ReportInput& input);
std::string agreement_html(const ReportInput& input);  // both, as a section of the page

}  // namespace film::report
