// The averages of tasks without positions: a row per task, in it a mark with its 95 % interval per model.
#include <fmt/format.h>

#include <algorithm>

#include "curve.h"
#include "figures.h"
#include "film/base/csv.h"
#include "film/base/format.h"
#include "film/base/terminal.h"
#include "numbers.h"
#include "series.h"
#include "svg.h"

namespace film::report {
namespace {

constexpr double kWidth = 460, kLeft = 150, kRight = 438, kTop = 14;
constexpr double kMark = 14, kGapOfTasks = 12;  // height of one mark; space between two tasks
constexpr int kNameColumns = 22;

std::string tip(const std::string& label, const Score& s) {
  return fmt::format("{}, {}: {} {} (n = {})", s.task, label, fixed(s.average, 1),
                     interval_text(s.low, s.high), grouped(s.count));
}

std::vector<std::string> tasks_without_curve(const ReportInput& input) {
  std::vector<std::string> tasks;
  for (const std::string& task : task_order(input))
    if (!has_curve(input, task)) tasks.push_back(task);
  return tasks;
}

void draw_score(Svg& svg, const Plot& plot, double y, const Score& score, const ModelScores& model,
                std::size_t number) {
  const auto x = [&](double value) { return plot.at(value, 0).x; };
  svg.line({x(score.low), y}, {x(score.high), y}, "whisker " + series(number));
  svg.marker({x(score.average), y}, marker_shape(number), "dot " + series(number), tip(model.label, score));
}

}  // namespace

std::optional<Figure> averages_figure(const ReportInput& input) {
  const std::vector<std::string> tasks = tasks_without_curve(input);
  if (tasks.empty()) return {};
  const double row = kMark * static_cast<double>(input.models.size()) + kGapOfTasks;
  const double bottom = kTop + row * static_cast<double>(tasks.size());
  std::string words, csv = "task,metric,series,count,mean,low,high\n";
  for (const std::string& task : tasks)
    for (const ModelScores& model : input.models)
      if (const Score* s = find_score(model, task)) {
        words += tip(model.label, *s) + ". ";
        csv += fmt::format("{},{},{},{},{},{},{}\n", csv_cell(s->task), csv_cell(s->metric),
                           csv_cell(model.label), s->count, s->average, s->low, s->high);
      }
  Svg svg(kWidth, bottom + 44, "Average score by task", words);
  const Plot plot{kLeft, kTop, kRight, bottom, exact_axis(0, 100, 5), Axis{}};
  draw_axes(svg, plot, "score, 0 to 100", "");
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    const double top = kTop + row * static_cast<double>(t);
    svg.line({kLeft, top}, {kRight, top}, "grid");
    svg.text({kLeft - 8, top + row / 2 + 4}, fitted(tasks[t], kNameColumns), "end", "name");
    if (const auto chance = chance_of(input, tasks[t]))
      svg.line({plot.at(*chance, 0).x, top + 2}, {plot.at(*chance, 0).x, top + row - 2}, "chance");
    for (std::size_t m = 0; m < input.models.size(); ++m)
      if (const Score* score = find_score(input.models[m], tasks[t]))
        draw_score(svg, plot, top + kGapOfTasks / 2 + kMark * (static_cast<double>(m) + 0.5), *score,
                   input.models[m], m);
  }
  const bool chance =
      std::ranges::any_of(tasks, [&](const std::string& task) { return chance_of(input, task).has_value(); });
  const std::string caption = std::string("Marks: averages; lines: 95 % intervals") +
                              (chance ? "; dashed: what guessing would score." : ".");
  return Figure{"averages", "Average by task", "", caption, svg.finish(), csv};
}

}  // namespace film::report
