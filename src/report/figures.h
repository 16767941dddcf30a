#pragma once
// The figures of a report: each an SVG element, the CSV behind it and a table of the same numbers.
#include <optional>
#include <string>
#include <vector>

#include "film/report/report.h"

namespace film::report {

struct Figure {
  std::string name;     // of the files: figures/<name>.csv and .svg
  std::string heading;  // plain text
  std::string badge;    // e.g. the direction of retrieval; may be empty
  std::string caption;  // plain text below; may be empty
  std::string svg;
  std::string csv;
};

// Scores by position of all models, and the paired differences of the other models from the first.
struct PositionFigures {
  Figure scores;
  std::optional<Figure> difference;
};

// Models beyond this many are drawn without bands: they would only cover each other.
constexpr std::size_t kMostBands = 3;
// Questions in a bin; means of fewer have a whisker instead of a band, which would read as a score.
constexpr std::uint64_t kFewest = 10;

std::vector<std::string> task_order(const ReportInput& input);  // tasks of all models, in order of appearance
const Score* find_score(const ModelScores& model, const std::string& task);
std::vector<const Comparison*> comparisons_of(const ReportInput& input, const std::string& task);
bool has_curve(const ReportInput& input, const std::string& task);  // of any model
// What guessing would score, 0 to 100; nothing where the task does not say.
std::optional<double> chance_of(const Score& score);
std::optional<double> chance_of(const ReportInput& input, const std::string& task);
std::size_t model_number(const ReportInput& input, const std::string& label);
std::string direction_text(const std::string& pattern);  // "→ forward", ...; empty for none

PositionFigures position_figures(const ReportInput& input, const std::string& task);
std::optional<Figure> difference_figure(const ReportInput& input, const std::string& task);
// Position x length of all models that were asked about contexts of several lengths; nothing if none was.
std::optional<Figure> heat_figure(const ReportInput& input, const std::string& task);
// The averages of tasks that have no curve; nothing if all have one.
std::optional<Figure> averages_figure(const ReportInput& input);
std::vector<Figure> training_figures(const std::vector<Json>& rows);
Figure histogram_figure(const Histogram& histogram);

// All of a report's. No two have one name, whatever tasks and folders are called.
struct Figures {
  std::vector<PositionFigures> positions;
  std::vector<Figure> lengths;
  std::optional<Figure> averages;
  std::vector<Figure> training, data;
  std::vector<const Figure*> all() const&;  // in the order of the page
  std::vector<const Figure*> all() && = delete;
};
Figures draw_figures(const ReportInput& input);

// The curves of a table's group, 0..100 in one box.
struct InlineCurve {
  const PositionCurve* curve;
  std::size_t model;
};
std::string inline_curves(const std::vector<InlineCurve>& curves);

}  // namespace film::report
