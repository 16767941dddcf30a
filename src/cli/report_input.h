#pragma once
// What film eval and film report show alike.
#include <utility>

#include "film/base/output_folder.h"
#include "film/report/report.h"

namespace film::cli {

// Moved from an evaluation's results, or from several that are joined (evaluation::Results, evaluation::Joined).
template <class Found>
report::ReportInput report_input(Found& found) {
  report::ReportInput input;
  input.models = std::move(found.models);
  input.samples = std::move(found.samples);
  input.comparisons = std::move(found.comparisons);
  input.pairs = std::move(found.pairs);
  input.lengths = std::move(found.lengths);
  input.agreements = std::move(found.agreements);
  return input;
}

// The time of now, and the command and build that make the page.
void sign(report::ReportInput& input, const ProgramInfo& program);

}  // namespace film::cli
