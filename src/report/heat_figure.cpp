// Scores by position and length of the context: a grid of cells for each model.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "curve.h"
#include "figures.h"
#include "film/base/csv.h"
#include "film/base/format.h"
#include "film/base/terminal.h"
#include "numbers.h"
#include "svg.h"

namespace film::report {
namespace {

constexpr double kHeatLeft = 92, kHeatRight = 438, kRow = 30, kHead = 24, kFoot = 44;
constexpr int kHeatLevels = 10;  // of colour: classes heat0 to heat10

struct Grid {
  const ModelScores* model;
  const std::vector<LengthScores>* rows;
};

std::vector<Grid> grids_of(const ReportInput& input, const std::string& task) {
  std::vector<Grid> list;
  for (const ModelScores& model : input.models)
    if (const Score* score = find_score(model, task); score != nullptr && score->by_length)
      list.push_back({&model, &*score->by_length});
  return list;
}

std::string length_text(const LengthScores& row) {
  const std::string least = grouped(row.least);
  return row.least == row.most ? least : least + " to " + grouped(row.most);
}

std::string cell_tip(const Grid& grid, const LengthScores& row, const PositionScore& cell) {
  return curve_tip(grid.model->label + ", " + length_text(row) + " pieces", cell, false);
}

std::string words_of(const std::vector<Grid>& grids) {
  std::string words;
  for (const Grid& grid : grids)
    for (const LengthScores& row : *grid.rows)
      for (const PositionScore& cell : row.positions)
        if (cell.count > 0) words += cell_tip(grid, row, cell) + ". ";
  return words;
}

void draw_cell(Svg& svg, double top, const PositionScore& cell, const std::string& tip) {
  if (cell.count == 0) return;
  const double width = kHeatRight - kHeatLeft, x = kHeatLeft + cell.begin * width;
  const int level = static_cast<int>(std::lround(std::clamp(cell.mean, 0.0, 100.0) / 100 * kHeatLevels));
  const std::string few = cell.count < kFewest ? " few" : "";
  svg.rect({x + 1, top + 1}, (cell.end - cell.begin) * width - 2, kRow - 2,
           "heat heat" + std::to_string(level) + few, tip);
  const double middle = x + (cell.end - cell.begin) * width / 2;
  svg.text({middle, top + kRow / 2 + 4}, fixed(cell.mean, 0), "middle",
           level > kHeatLevels / 2 ? "onheat" : "value");
}

double draw_grid(Svg& svg, double top, const Grid& grid) {
  svg.text({kHeatLeft, top + 14}, fitted(grid.model->label, kLegendColumns), "start", "legend");
  top += kHead;
  for (auto row = grid.rows->rbegin(); row != grid.rows->rend(); ++row, top += kRow) {
    svg.text({kHeatLeft - 8, top + kRow / 2 + 4}, length_text(*row), "end", "tick");
    for (const PositionScore& cell : row->positions) draw_cell(svg, top, cell, cell_tip(grid, *row, cell));
  }
  return top;
}

std::string csv_of(const std::vector<Grid>& grids) {
  std::string csv = "series,least,most,begin,end,count,mean,low,high\n";
  for (const Grid& grid : grids)
    for (const LengthScores& row : *grid.rows)
      for (const PositionScore& p : row.positions)
        csv += fmt::format("{},{},{},{},{},{},{},{},{}\n", csv_cell(grid.model->label), row.least, row.most,
                           p.begin, p.end, p.count, p.mean, p.low, p.high);
  return csv;
}

}  // namespace

std::optional<Figure> heat_figure(const ReportInput& input, const std::string& task) {
  const std::vector<Grid> grids = grids_of(input, task);
  if (grids.empty()) return {};
  double high = 20;
  for (const Grid& grid : grids) high += kHead + kRow * static_cast<double>(grid.rows->size());
  Svg drawn(kCurveWidth, high + kFoot, "Score by position and length, " + task, words_of(grids));
  drawn.text({8, 14}, "pieces in the context", "start", "name");
  double top = 20;
  for (const Grid& grid : grids) top = draw_grid(drawn, top, grid);
  Plot plot{.left = kHeatLeft,
            .top = 20,
            .right = kHeatRight,
            .bottom = top + 3,
            .x = exact_axis(0, 100, 5),
            .y = {}};
  plot.y.ticks.clear();
  draw_axes(drawn, plot, "depth of the evidence in the context", "", " %");
  return Figure{"length_" + file_name(task),
                task + " by position and length",
                "",
                "Mean scores, 0 to 100. A dotted border: of fewer than ten questions.",
                drawn.finish(),
                csv_of(grids)};
}

}  // namespace film::report
