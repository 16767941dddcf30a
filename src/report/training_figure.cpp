#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "figures.h"
#include "film/base/terminal.h"
#include "numbers.h"
#include "svg.h"

namespace film::report {
namespace {

constexpr std::size_t kMostPoints = 240;
constexpr double kLeastMargin = 38;  // space at the left
constexpr double kLogFrom =
    4;  // highest over lowest value of a curve that has a logarithmic axis from there on

struct Curve {
  const char* key;
  const char* heading;
  const char* unit;  // name of the axis
  double scale = 1;  // from the log's unit to this one
  bool logarithmic = false;
};

// What of a metrics row is drawn, in this order, where it is there.
constexpr Curve kCurves[] = {
    {"loss", "Training loss", "nats per answer token", 1, true},
    {"accuracy", "Training accuracy", "% of the answers", 100},
    {"learning_rate", "Learning rate", "learning rate"},
    {"gradient_norm", "Gradient norm", "norm of the gradient"},
    {"tokens_per_second", "Throughput", "tokens per second"},
    {"peak_memory_gib", "Peak memory", "GiB"},
};

struct Bucket {
  double begin = 0, end = 0, mean = 0, low = 0, high = 0;  // steps; values
  std::size_t count = 0;
  double middle() const { return (begin + end) / 2; }
};

struct Sample {
  double step, value;
};

std::vector<Sample> samples(const std::vector<Json>& rows, const Curve& curve) {
  std::vector<Sample> found;
  for (const Json& row : rows) {
    const auto step = row.find("step"), value = row.find(curve.key);
    if (step == row.end() || value == row.end() || !step->is_number() || !value->is_number()) continue;
    if (std::isfinite(value->get<double>()))
      found.push_back({step->get<double>(), value->get<double>() * curve.scale});
  }
  return found;
}

// At most kMostPoints groups of neighbouring rows: mean, least and greatest of each.
std::vector<Bucket> buckets(const std::vector<Sample>& all) {
  const std::size_t size = (all.size() + kMostPoints - 1) / kMostPoints;
  std::vector<Bucket> result;
  for (std::size_t begin = 0; begin < all.size(); begin += size) {
    const std::size_t end = std::min(begin + size, all.size());
    Bucket b{all[begin].step, all[end - 1].step, 0, all[begin].value, all[begin].value, end - begin};
    for (std::size_t i = begin; i < end; ++i) {
      b.mean += all[i].value / static_cast<double>(end - begin);
      b.low = std::min(b.low, all[i].value);
      b.high = std::max(b.high, all[i].value);
    }
    result.push_back(b);
  }
  return result;
}

struct StageMark {
  double step;
  std::string name;
};

std::vector<StageMark> stages(const std::vector<Json>& rows) {
  std::vector<StageMark> marks;
  for (const Json& row : rows) {
    const auto step = row.find("step"), stage = row.find("stage");
    if (step == row.end() || stage == row.end() || !step->is_number()) continue;
    const std::string stage_name = stage->is_number() ? "stage " + plain(*stage) : plain(*stage);
    if (marks.empty() || marks.back().name != stage_name) marks.push_back({step->get<double>(), stage_name});
  }
  return marks;
}

constexpr double kStageRow = 13;  // height of a row of stage names

struct StageName {
  double x;  // where the stage begins
  std::string text;
  std::size_t row;  // from the plot upwards
  bool left;        // written to the left of x: there is no space to its right
};

// Every name in the first row where it covers no other.
std::vector<StageName> placed_names(const Plot& plot, const std::vector<StageMark>& marks) {
  constexpr double kCharacter = 5.8, kGap = 8;
  std::vector<StageName> names;
  std::vector<double> free_from;  // by row
  for (const StageMark& mark : marks) {
    const std::string text = fitted(mark.name, 16);
    const double x = plot.at(mark.step, plot.y.low).x, width = kCharacter * columns_of(text) + kGap;
    const bool left = x + width > plot.right + kGap;
    const double begin = left ? x - width : x;
    std::size_t row = 0;
    while (row < free_from.size() && begin < free_from[row]) ++row;
    free_from.resize(std::max(free_from.size(), row + 1), 0);
    free_from[row] = begin + width;
    names.push_back({x, text, row, left});
  }
  return names;
}

double stage_rows(const std::vector<StageName>& names) {
  std::size_t rows = 0;
  for (const StageName& name : names) rows = std::max(rows, name.row + 1);
  return static_cast<double>(rows);
}

// A thin line where a stage begins, up to its name.
void draw_stages(Svg& svg, const Plot& plot, const std::vector<StageName>& names) {
  for (const StageName& name : names) {
    const double y = plot.top - 5 - kStageRow * static_cast<double>(name.row);
    svg.line({name.x, y - 8}, {name.x, plot.bottom}, "stage");
    svg.text({name.x + (name.left ? -3 : 3), y}, name.text, name.left ? "end" : "start", "stagename");
  }
}

std::string buckets_csv(const std::vector<Bucket>& all) {
  std::string csv = "first_step,last_step,rows,mean,low,high\n";
  for (const Bucket& b : all)
    csv += fmt::format("{},{},{},{},{},{}\n", b.begin, b.end, b.count, b.mean, b.low, b.high);
  return csv;
}

struct Range {
  double low, high;
};

Range range_of(const std::vector<Bucket>& points) {
  Range range{points[0].low, points[0].high};
  for (const Bucket& b : points) range = {std::min(range.low, b.low), std::max(range.high, b.high)};
  return range;
}

// Logarithmic where that tells more; else from zero.
Axis value_axis(const Curve& curve, const Range& range) {
  if (curve.logarithmic && range.low > 0 && range.high >= kLogFrom * range.low)
    return log_axis(range.low, range.high);
  const double low = std::min(0.0, range.low);
  return nice_axis(low, range.high > low ? range.high : low + 1, 4);
}

void draw_points(Svg& svg, const Plot& plot, const std::vector<Bucket>& points, bool band) {
  std::vector<Point> line, outline;
  for (const Bucket& b : points) {
    line.push_back(plot.at(b.middle(), b.mean));
    outline.push_back(plot.at(b.middle(), b.high));
  }
  for (auto b = points.rbegin(); b != points.rend(); ++b) outline.push_back(plot.at(b->middle(), b->low));
  if (band) svg.path(outline, "band s1", true);
  svg.path(line, "curve thin s1");
}

Figure curve_figure(const Curve& curve, const std::vector<Bucket>& points,
                    const std::vector<StageMark>& marks, std::size_t rows) {
  const Range range = range_of(points);
  const std::string words = fmt::format(
      "From {:.4g} at step {} to {:.4g} at step {}; lowest {:.4g}, highest {:.4g}.", points.front().mean,
      points.front().begin, points.back().mean, points.back().end, range.low, range.high);
  Plot plot{.left = 0,
            .top = 24,
            .right = 444,
            .bottom = 162,
            .x = exact_axis(points.front().begin, points.back().end, 6),
            .y = value_axis(curve, range)};
  plot.left = std::max(kLeastMargin, tick_margin(plot.y));
  const std::vector<StageName> names =
      marks.size() < 2 ? std::vector<StageName>{} : placed_names(plot, marks);
  const double above = kStageRow * stage_rows(names);
  plot.top += above;
  plot.bottom += above;
  Svg svg(460, 204 + above, curve.heading, words);
  draw_axes(svg, plot, "step", curve.unit + std::string(plot.y.logarithmic ? " (logarithmic)" : ""), "",
            above);
  draw_stages(svg, plot, names);
  const bool band = rows > points.size();
  draw_points(svg, plot, points, band);
  const std::string caption =
      band ? fmt::format("Line: mean of {} rows of the log; band: their lowest and highest.", points[0].count)
           : "";
  return {
      std::string("training_") + curve.key, curve.heading, "", caption, svg.finish(), buckets_csv(points)};
}

}  // namespace

std::vector<Figure> training_figures(const std::vector<Json>& rows) {
  std::vector<Figure> figures;
  const std::vector<StageMark> marks = stages(rows);
  for (const Curve& curve : kCurves) {
    const std::vector<Sample> all = samples(rows, curve);
    if (!all.empty()) figures.push_back(curve_figure(curve, buckets(all), marks, all.size()));
  }
  return figures;
}

}  // namespace film::report
