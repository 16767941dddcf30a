#pragma once
// The summary in one place for all outputs: rows of text that HTML, Markdown and the terminal lay out.
#include <string>
#include <vector>

#include "film/report/report.h"

namespace film::report {

// One model's score on a task, or the difference of one model from the first.
struct SummaryRow {
  bool difference = false;
  std::size_t model = 0;  // which of the models, for colour and curve
  std::string name;       // label of the model, or "after − before"
  std::string count, value, interval, gap, chance, note;
  const PositionCurve* curve = nullptr;
};

struct SummaryGroup {
  std::string task, metric, direction;
  std::vector<SummaryRow> rows;
};

std::vector<SummaryGroup> summary_groups(const std::vector<ModelScores>& models,
                                         const std::vector<Comparison>& comparisons);

// Tasks x models, for three models and more: what two rows of a group show at a glance takes a table there.
struct Overview {
  struct Cell {
    std::string value;                 // average; empty where the model has no score
    std::string difference, interval;  // from the first model; empty for the first
  };
  std::vector<std::string> models;
  std::vector<std::string> tasks;
  std::vector<std::vector<Cell>> cells;  // [task][model]
};
constexpr std::size_t kOverviewFrom = 3;  // models

Overview overview(const std::vector<ModelScores>& models, const std::vector<Comparison>& comparisons);

// What the columns mean, in sentences; the same below every summary.
std::string summary_explained(const std::vector<ModelScores>& models);
std::string overview_explained(const std::vector<ModelScores>& models);

// True when any score has a curve: without one there are no columns about positions.
bool has_curves(const std::vector<ModelScores>& models);

}  // namespace film::report
