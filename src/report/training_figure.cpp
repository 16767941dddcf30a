#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "figures.h"
#include "numbers.h"
#include "svg.h"

namespace film::report {
namespace {

constexpr std::size_t kMostPoints = 240;

struct Curve {
  const char* key;
  const char* heading;
  const char* unit;
  bool from_zero;
};

// What of a metrics row is drawn, in this order, where it is there.
constexpr Curve kCurves[] = {
    {"loss", "Training loss", "nats per answer token", true},
    {"accuracy", "Training accuracy", "share of answers", true},
    {"learning_rate", "Learning rate", "", true},
    {"gradient_norm", "Gradient norm", "", true},
    {"tokens_per_second", "Throughput", "tokens per second", true},
    {"peak_memory_gib", "Peak memory", "GiB", true},
};

struct Bucket {
  double begin = 0, end = 0, mean = 0, low = 0, high = 0;  // steps; values
  std::size_t count = 0;
  double middle() const { return (begin + end) / 2; }
};

struct Sample {
  double step, value;
};

std::vector<Sample> samples(const std::vector<Json>& rows, const char* key) {
  std::vector<Sample> found;
  for (const Json& row : rows) {
    const auto step = row.find("step"), value = row.find(key);
    if (step == row.end() || value == row.end() || !step->is_number() || !value->is_number()) continue;
    if (std::isfinite(value->get<double>())) found.push_back({step->get<double>(), value->get<double>()});
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

// A thin line where a stage begins; its name above, where there is room for it.
void draw_stages(Svg& svg, const Plot& plot, const std::vector<StageMark>& marks) {
  if (marks.size() < 2) return;
  double free_from = plot.left;
  for (const StageMark& mark : marks) {
    const double x = plot.at(mark.step, plot.y.low).x;
    const std::string name = shortened(mark.name, 16);
    const double width = 6.2 * static_cast<double>(name.size()) + 6;
    svg.line({x, plot.top - 13}, {x, plot.bottom}, "stage");
    if (x < free_from || x + width > plot.right + 8) continue;
    svg.text({x + 3, plot.top - 5}, name, "start", "stagename");
    free_from = x + width;
  }
}

std::string buckets_csv(const std::vector<Bucket>& all) {
  std::string csv = "first_step,last_step,rows,mean,low,high\n";
  for (const Bucket& b : all)
    csv += fmt::format("{},{},{},{},{},{}\n", b.begin, b.end, b.count, b.mean, b.low, b.high);
  return csv;
}

Figure curve_figure(const Curve& curve, const std::vector<Bucket>& points,
                    const std::vector<StageMark>& marks, std::size_t rows) {
  double low = curve.from_zero ? 0 : std::numeric_limits<double>::max(),
         high = std::numeric_limits<double>::lowest();
  for (const Bucket& b : points) {
    low = std::min(low, b.low);
    high = std::max(high, b.high);
  }
  if (curve.from_zero && !(high > low)) high = low + 1;
  const std::string name = std::string("training_") + curve.key;
  const std::string words = fmt::format(
      "From {:.4g} at step {} to {:.4g} at step {}; lowest {:.4g}, highest {:.4g}.", points.front().mean,
      points.front().begin, points.back().mean, points.back().end, low, high);
  Svg svg(460, 204, name, curve.heading, words);
  const Plot plot{.left = 54,
                  .top = 24,
                  .right = 444,
                  .bottom = 162,
                  .x = exact_axis(points.front().begin, points.back().end, 6),
                  .y = nice_axis(low, high, 4)};
  draw_axes(svg, plot, "step", "");
  draw_stages(svg, plot, marks);
  std::vector<Point> line, outline;
  for (const Bucket& b : points) {
    line.push_back(plot.at(b.middle(), b.mean));
    outline.push_back(plot.at(b.middle(), b.high));
  }
  for (auto b = points.rbegin(); b != points.rend(); ++b) outline.push_back(plot.at(b->middle(), b->low));
  const bool grouped_rows = rows > points.size();
  if (grouped_rows) svg.path(outline, "band s1", true);
  svg.path(line, "curve thin s1");
  const std::string caption =
      grouped_rows
          ? fmt::format("Line: mean of {} rows of the log; band: their lowest and highest.", points[0].count)
          : "";
  return {name, curve.heading, curve.unit, caption, svg.finish(), buckets_csv(points)};
}

}  // namespace

std::vector<Figure> training_figures(const std::vector<Json>& rows) {
  std::vector<Figure> figures;
  const std::vector<StageMark> marks = stages(rows);
  for (const Curve& curve : kCurves) {
    const std::vector<Sample> all = samples(rows, curve.key);
    if (!all.empty()) figures.push_back(curve_figure(curve, buckets(all), marks, all.size()));
  }
  return figures;
}

}  // namespace film::report
