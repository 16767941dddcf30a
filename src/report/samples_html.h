#pragma once
#include <string>

#include "film/report/report.h"

namespace film::report {

// The page's section of answers to be read: by task, each with its question, the reference, and the context with its
// evidence marked. Empty without samples.
std::string samples_html(const ReportInput& input);

// A context's pieces with the evidence marked.
std::string parts_html(const std::vector<ContextPart>& parts);

}  // namespace film::report
