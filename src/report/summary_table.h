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
  std::string task;
  std::vector<std::string> about;  // metric, direction, what guessing would score
  std::vector<SummaryRow> rows;
  std::vector<std::string>
      notes;  // on answers not plainly given and questions not asked; once where all models agree
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

// Words of the page that not everyone knows, each with what it means here: only those that occur.
struct Term {
  std::string word, meaning;
};
std::vector<Term> terms(const std::vector<ModelScores>& models);

// Of two models in a sentence: "in2: 0.0 before, 99.9 after; no clear difference in code, database." Empty for others.
std::string headline(const ReportInput& input);

// The model's folder, step and hash on a line; empty where it has none.
std::string origin_text(const ModelScores& model);
std::vector<std::string> described(const ModelScores& model);  // description and origin, where not empty

// True when any score has a curve: without one there are no columns about positions.
bool has_curves(const std::vector<ModelScores>& models);

}  // namespace film::report
