#pragma once
// The summary in one place for all outputs: rows of text that HTML, Markdown and the terminal lay out.
#include <string>
#include <vector>

#include "film/report/report.h"

namespace film::report {

struct SummaryRow {
  bool difference = false;
  int model = 0;     // which of the models, for colour and curve
  std::string name;  // label of the model, or "after − before"
  std::string count, value, interval, gap, chance, note;
  const Score* score = nullptr;
};

struct SummaryGroup {
  std::string task, metric, direction;
  std::vector<SummaryRow> rows;
};

std::vector<SummaryGroup> summary_groups(const std::vector<ModelScores>& models,
                                         const std::vector<Comparison>& comparisons);

// What the columns mean, in sentences; the same below every summary.
std::string summary_explained(const std::vector<ModelScores>& models);

}  // namespace film::report
