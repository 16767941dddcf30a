#include <fmt/format.h>

#include <algorithm>

#include "figures.h"
#include "film/base/progress.h"
#include "numbers.h"
#include "svg.h"

namespace film::report {
namespace {

constexpr double kWidth = 460, kLeft = 44, kRight = 438;
constexpr std::size_t kLegendCharacters = 24;

double centre(const PositionScore& p) { return 50 * (p.begin + p.end); }

std::string series(std::size_t model) { return model == 0 ? "s0" : "s1"; }

std::string tip(const std::string& label, const PositionScore& p, bool difference) {
  return fmt::format("{}: {} {} at depth {} to {} % (n = {})", label,
                     difference ? signed_fixed(p.mean, 1) : fixed(p.mean, 1), interval_text(p.low, p.high),
                     fixed(100 * p.begin, 0), fixed(100 * p.end, 0), grouped(p.count));
}

void draw_legend(Svg& svg, const std::vector<const ModelScores*>& models) {
  double x = kLeft;
  for (std::size_t m = 0; m < models.size(); ++m) {
    const std::string label = shortened(models[m]->label, kLegendCharacters);
    svg.rect({x, 9}, 26, 12, "band " + series(m));
    svg.line({x, 15}, {x + 26, 15}, "curve " + series(m));
    svg.marker({x + 13, 15}, static_cast<int>(m), "dot " + series(m));
    svg.text({x + 32, 19}, label, "start", "legend");
    x += 190;
  }
}

// Runs of bins that hold something: an empty bin breaks the curve instead of drawing it to zero.
std::vector<std::vector<PositionScore>> runs(const std::vector<PositionScore>& positions) {
  std::vector<std::vector<PositionScore>> result(1);
  for (const PositionScore& p : positions) {
    if (p.count > 0)
      result.back().push_back(p);
    else if (!result.back().empty())
      result.emplace_back();
  }
  return result;
}

void draw_band(Svg& svg, const Plot& plot, const Score& score, std::size_t model) {
  for (const auto& run : runs(score.positions)) {
    std::vector<Point> outline;
    for (const PositionScore& p : run) outline.push_back(plot.at(centre(p), p.high));
    for (auto p = run.rbegin(); p != run.rend(); ++p) outline.push_back(plot.at(centre(*p), p->low));
    svg.path(outline, "band " + series(model), true);
  }
}

void draw_curve(Svg& svg, const Plot& plot, const Score& score, std::size_t model, const std::string& label) {
  const bool dots = score.positions.size() <= 24;
  for (const auto& run : runs(score.positions)) {
    std::vector<Point> points;
    for (const PositionScore& p : run) points.push_back(plot.at(centre(p), p.mean));
    svg.path(points, "curve " + series(model));
    for (std::size_t i = 0; dots && i < run.size(); ++i)
      svg.marker(points[i], static_cast<int>(model), "dot " + series(model), tip(label, run[i], false));
  }
}

std::string curve_words(const std::string& label, const Score& s) {
  std::string words =
      fmt::format("{}: average {}, gap {}; by position", label, fixed(s.average, 1), fixed(s.gap, 1));
  for (const PositionScore& p : s.positions) words += p.count > 0 ? " " + fixed(p.mean, 1) : " none";
  return words + ". ";
}

std::string position_csv_rows(const std::string& label, const std::vector<PositionScore>& positions) {
  std::string csv;
  for (const PositionScore& p : positions)
    csv += fmt::format("{},{},{},{},{},{},{}\n", csv_field(label), p.begin, p.end, p.count, p.mean, p.low,
                       p.high);
  return csv;
}

constexpr const char* kCsvHeader = "series,begin,end,count,mean,low,high\n";

std::string caption_of(const Score& score) {
  std::string text = "Metric: " + score.metric + ".";
  if (const auto remark = score.notes.find("remark"); remark != score.notes.end())
    text += " " + plain(*remark);
  return text;
}

Figure difference_figure(const Comparison& c) {
  double low = 0, high = 0;
  for (const PositionScore& p : c.positions)
    if (p.count > 0) low = std::min(low, p.low), high = std::max(high, p.high);
  const std::string name = "difference_" + file_name(c.task);
  const std::string heading =
      shortened(c.after, kLegendCharacters) + " \u2212 " + shortened(c.before, kLegendCharacters);
  std::string words;
  for (const PositionScore& p : c.positions)
    if (p.count > 0) words += tip("difference", p, true) + ". ";
  Svg svg(kWidth, 176, name, "Paired difference by position, " + c.task, words);
  const Plot plot{kLeft, 26, kRight, 132, exact_axis(0, 100, 5), nice_axis(low, high, 4)};
  draw_axes(svg, plot, "depth of the evidence in the context", heading + ", points", " %");
  svg.line(plot.at(0, 0), plot.at(100, 0), "zero");
  for (const PositionScore& p : c.positions) {
    if (p.count == 0) continue;
    svg.line(plot.at(centre(p), p.low), plot.at(centre(p), p.high), "whisker");
    svg.marker(plot.at(centre(p), p.mean), 0, "dot delta", tip("difference", p, true));
  }
  return {name, heading, "", "", svg.finish(), kCsvHeader + position_csv_rows(heading, c.positions)};
}

}  // namespace

std::string direction_text(const std::string& pattern) {
  if (pattern == "forward") return "→ forward";
  if (pattern == "backward") return "← backward";
  if (pattern == "bi-directional") return "↔ bi-directional";
  return pattern;
}

PositionFigures position_figures(const ReportInput& input, const std::string& task) {
  std::vector<const ModelScores*> models;
  for (const ModelScores& model : input.models) models.push_back(&model);
  Figure figure;
  figure.name = "position_" + file_name(task);
  figure.heading = task;
  figure.csv = kCsvHeader;
  std::string words;
  for (const ModelScores& model : input.models)
    if (const Score* score = find_score(model, task)) {
      words += curve_words(model.label, *score);
      figure.csv += position_csv_rows(model.label, score->positions);
      figure.badge = direction_text(score->pattern);
      figure.caption = caption_of(*score);
    }
  const Comparison* comparison = find_comparison(input, task);
  Svg svg(kWidth, comparison ? 272 : 296, figure.name, "Score by position of the evidence, " + task, words);
  const Plot plot{
      kLeft, 52, kRight, comparison ? 236.0 : 246.0, exact_axis(0, 100, 5), exact_axis(0, 100, 5)};
  draw_legend(svg, models);
  draw_axes(svg, plot, comparison ? "" : "depth of the evidence in the context", "score, 0 to 100", " %");
  for (std::size_t m = 0; m < models.size(); ++m)
    if (const Score* score = find_score(*models[m], task)) draw_band(svg, plot, *score, m);
  for (std::size_t m = 0; m < models.size(); ++m)
    if (const Score* score = find_score(*models[m], task)) draw_curve(svg, plot, *score, m, models[m]->label);
  figure.svg = svg.finish();
  PositionFigures figures{std::move(figure), {}};
  if (comparison) figures.difference = difference_figure(*comparison);
  return figures;
}

std::string inline_curve(const Score& score, int model) {
  std::string d;
  bool broken = true;
  for (const PositionScore& p : score.positions) {
    if (p.count > 0)
      d += fmt::format("{}{} {}", broken ? "M" : "L", fixed(2 + centre(p) * 0.92, 1),
                       fixed(20 - p.mean * 0.18, 1));
    broken = p.count == 0;
  }
  return fmt::format(
      "<svg class=\"mini\" viewBox=\"0 0 96 22\" aria-hidden=\"true\"><line class=\"grid\" x1=\"2\" "
      "y1=\"20\" "
      "x2=\"94\" y2=\"20\"/><line class=\"grid\" x1=\"2\" y1=\"2\" x2=\"94\" y2=\"2\"/><path class=\"curve "
      "{}\" "
      "d=\"{}\"/></svg>",
      series(static_cast<std::size_t>(model)), d);
}

}  // namespace film::report
