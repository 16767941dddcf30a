// Paired differences by position: each other model minus the first, side by side in every bin.
#include <algorithm>

#include "curve.h"
#include "figures.h"
#include "film/base/terminal.h"
#include "numbers.h"
#include "series.h"
#include "svg.h"

namespace film::report {
namespace {

constexpr double kLeastRange = 5;  // points up and down: a difference of one question is not blown up

struct Drawn {
  const Comparison* comparison;
  std::string name;    // "after − before"
  std::string series;  // CSS class
  int shape;
};

// A single difference has the colour of text; several have those of their models.
std::vector<Drawn> drawn(const ReportInput& input, const std::string& task) {
  std::vector<Drawn> list;
  for (const Comparison* c : comparisons_of(input, task)) {
    if (!c->curve) continue;
    const std::size_t model = model_number(input, c->after);
    list.push_back({c, fitted(c->after, kLegendColumns) + " \u2212 " + fitted(c->before, kLegendColumns),
                    series(model), marker_shape(model)});
  }
  if (list.size() == 1) {
    list[0].series = "delta";
    list[0].shape = 0;
  }
  return list;
}

Axis difference_axis(const std::vector<Drawn>& list) {
  double low = -kLeastRange, high = kLeastRange;
  for (const Drawn& d : list)
    for (const PositionScore& p : d.comparison->curve->positions) {
      if (p.count == 0) continue;
      low = std::min(low, p.low);
      high = std::max(high, p.high);
    }
  return nice_axis(low, high, 4);
}

void draw(Svg& svg, const Plot& plot, const Drawn& d, double shift, const std::string& label) {
  const std::string whisker = d.series == "delta" ? "whisker" : "whisker " + d.series;
  for (const PositionScore& p : d.comparison->curve->positions) {
    if (p.count == 0) continue;
    const auto at = [&](double value) {
      const Point point = plot.at(centre(p), value);
      return Point{point.x + shift, point.y};
    };
    svg.line(at(p.low), at(p.high), whisker);
    svg.marker(at(p.mean), d.shape, "dot " + d.series, curve_tip(label, p, true));
  }
}

}  // namespace

std::optional<Figure> difference_figure(const ReportInput& input, const std::string& task) {
  const std::vector<Drawn> list = drawn(input, task);
  if (list.empty()) return {};
  const bool single = list.size() == 1;
  const std::string name = "difference_" + file_name(task);
  const std::string heading =
      single ? list[0].name : "difference from " + fitted(list[0].comparison->before, kLegendColumns);
  std::string words, csv = kCurveCsvHeader;
  for (const Drawn& d : list) {
    csv += curve_csv_rows(d.name, d.comparison->curve->positions);
    for (const PositionScore& p : d.comparison->curve->positions)
      if (p.count > 0) words += curve_tip(single ? "difference" : d.name, p, true) + ". ";
  }
  Svg svg(kCurveWidth, 176, "Paired difference by position, " + task, words);
  const Plot plot{kCurveLeft, 26, kCurveRight, 132, exact_axis(0, 100, 5), difference_axis(list)};
  draw_axes(svg, plot, "depth of the evidence in the context", heading + ", points", " %");
  svg.line(plot.at(0, 0), plot.at(100, 0), "zero");
  for (std::size_t i = 0; i < list.size(); ++i)
    draw(svg, plot, list[i], dodged(i, list[0].comparison->curve->positions.size(), list.size()),
         single ? "difference" : list[i].name);
  return Figure{name, heading, "", "", svg.finish(), csv};
}

}  // namespace film::report
