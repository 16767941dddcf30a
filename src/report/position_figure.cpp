// Scores by position: one curve per model.
#include <fmt/format.h>

#include "curve.h"
#include "figures.h"
#include "film/base/terminal.h"
#include "numbers.h"
#include "series.h"
#include "svg.h"

namespace film::report {
namespace {

constexpr double kLegendRow = 20, kLegendColumn = 190;

// Space below the first row of the legend that further rows take.
double legend_height(std::size_t models) {
  return models < 3 ? 0 : kLegendRow * static_cast<double>((models + 1) / 2 - 1);
}

void draw_legend(Svg& svg, const std::vector<ModelScores>& models) {
  for (std::size_t m = 0; m < models.size(); ++m) {
    const double x = kCurveLeft + kLegendColumn * static_cast<double>(m % 2);
    const double y = kLegendRow * static_cast<double>(m / 2);
    if (models.size() <= kMostBands) svg.rect({x, y + 9}, 26, 12, "band " + series(m));
    svg.line({x, y + 15}, {x + 26, y + 15}, "curve " + series(m));
    svg.marker({x + 13, y + 15}, marker_shape(m), "dot " + series(m));
    svg.text({x + 32, y + 19}, fitted(models[m].label, kLegendColumns), "start", "legend");
  }
}

void draw_band(Svg& svg, const Plot& plot, const PositionCurve& curve, std::size_t model) {
  for (const auto& run : curve_runs(curve.positions, kFewest)) {
    std::vector<Point> outline;
    for (const PositionScore& p : run) outline.push_back(plot.at(centre(p), p.high));
    for (auto p = run.rbegin(); p != run.rend(); ++p) outline.push_back(plot.at(centre(*p), p->low));
    if (run.size() > 1) svg.path(outline, "band " + series(model), true);
  }
}

// Of bins that are in no band: too few questions, or no neighbour with enough.
void draw_whiskers(Svg& svg, const Plot& plot, const PositionCurve& curve, std::size_t model,
                   std::size_t models) {
  const std::vector<PositionScore>& bins = curve.positions;
  const auto banded = [&](std::size_t b) { return b < bins.size() && bins[b].count >= kFewest; };
  for (std::size_t b = 0; b < bins.size(); ++b) {
    if (bins[b].count == 0 || (banded(b) && (banded(b + 1) || (b > 0 && banded(b - 1))))) continue;
    const double x = plot.at(centre(bins[b]), 0).x + dodged(model, bins.size(), models);
    svg.line({x, plot.at(0, bins[b].low).y}, {x, plot.at(0, bins[b].high).y}, "whisker " + series(model));
  }
}

void draw_chance(Svg& svg, const Plot& plot, double chance) {
  svg.line(plot.at(0, chance), plot.at(100, chance), "chance");
  svg.text({plot.right, plot.at(0, chance).y - 4}, "chance", "end", "tick");
}

void draw_curve(Svg& svg, const Plot& plot, const PositionCurve& curve, std::size_t model,
                const std::string& label) {
  const bool dots = curve.positions.size() <= 24;
  for (const auto& run : curve_runs(curve.positions)) {
    std::vector<Point> points;
    for (const PositionScore& p : run) points.push_back(plot.at(centre(p), p.mean));
    svg.path(points, "curve " + series(model));
    for (std::size_t i = 0; dots && i < run.size(); ++i)
      svg.marker(points[i], marker_shape(model), "dot " + series(model), curve_tip(label, run[i], false));
  }
}

std::string curve_words(const std::string& label, const Score& s) {
  std::string words =
      fmt::format("{}: average {}, gap {}; by position", label, fixed(s.average, 1), fixed(s.curve->gap, 1));
  for (const PositionScore& p : s.curve->positions) words += p.count > 0 ? " " + fixed(p.mean, 1) : " none";
  return words + ". ";
}

std::string caption_of(const Score& score) {
  std::string text = "Metric: " + score.metric + ".";
  if (const auto remark = score.notes.find("remark"); remark != score.notes.end())
    text += " " + plain(*remark);
  return text;
}

// Bands first, so that no band covers a curve.
void draw_models(Svg& svg, const Plot& plot, const ReportInput& input, const std::string& task) {
  const std::vector<ModelScores>& models = input.models;
  const auto curve_of = [&](std::size_t m) {
    const Score* score = find_score(models[m], task);
    return score != nullptr && score->curve ? &*score->curve : nullptr;
  };
  if (const auto chance = chance_of(input, task)) draw_chance(svg, plot, *chance);
  for (std::size_t m = 0; m < models.size() && models.size() <= kMostBands; ++m)
    if (const PositionCurve* curve = curve_of(m)) {
      draw_band(svg, plot, *curve, m);
      draw_whiskers(svg, plot, *curve, m, models.size());
    }
  for (std::size_t m = 0; m < models.size(); ++m)
    if (const PositionCurve* curve = curve_of(m)) draw_curve(svg, plot, *curve, m, models[m].label);
}

}  // namespace

std::string direction_text(const std::string& pattern) {
  if (pattern == "forward") return "→ forward";
  if (pattern == "backward") return "← backward";
  if (pattern == "bi-directional") return "↔ bi-directional";
  return pattern;
}

PositionFigures position_figures(const ReportInput& input, const std::string& task) {
  Figure figure;
  figure.name = "position_" + file_name(task);
  figure.heading = task;
  figure.csv = kCurveCsvHeader;
  std::string words;
  for (const ModelScores& model : input.models)
    if (const Score* score = find_score(model, task); score != nullptr && score->curve) {
      words += curve_words(model.label, *score);
      figure.csv += curve_csv_rows(model.label, score->curve->positions);
      figure.badge = direction_text(score->pattern);
      figure.caption = caption_of(*score);
    }
  std::optional<Figure> difference = difference_figure(input, task);
  const double down = legend_height(input.models.size());
  Svg svg(kCurveWidth, 296 + down, "Score by position of the evidence, " + task, words);
  const Plot plot{.left = kCurveLeft,
                  .top = 52 + down,
                  .right = kCurveRight,
                  .bottom = 246 + down,
                  .x = exact_axis(0, 100, 5),
                  .y = exact_axis(0, 100, 5)};
  draw_legend(svg, input.models);
  draw_axes(svg, plot, "depth of the evidence in the context", "score, 0 to 100", " %");
  draw_models(svg, plot, input, task);
  figure.svg = svg.finish();
  return {std::move(figure), std::move(difference)};
}

// Round ends make a dot of a bin without neighbours.
std::string inline_curves(const std::vector<InlineCurve>& curves) {
  constexpr double kHigh = 44, kTop = 3, kBottom = 41;
  std::string lines = fmt::format("<rect class=\"ground\" x=\"2\" y=\"{}\" width=\"92\" height=\"{}\"/>",
                                  kTop, kBottom - kTop);
  for (const double y : {kTop, kBottom})
    lines += fmt::format("<line class=\"grid\" x1=\"2\" y1=\"{0}\" x2=\"94\" y2=\"{0}\"/>", y);
  for (const InlineCurve& one : curves) {
    std::string d;
    bool broken = true;
    for (const PositionScore& p : one.curve->positions) {
      if (p.count > 0)
        d += fmt::format("{}{} {}{}", broken ? "M" : "L", fixed(2 + centre(p) * 0.92, 1),
                         fixed(kBottom - p.mean / 100 * (kBottom - kTop), 1), broken ? "h0" : "");
      broken = p.count == 0;
    }
    lines += "<path class=\"curve thin " + series(one.model) + "\" d=\"" + d + "\"/>";
  }
  return fmt::format("<svg class=\"mini\" viewBox=\"0 0 96 {}\" aria-hidden=\"true\">{}</svg>", kHigh, lines);
}

}  // namespace film::report
