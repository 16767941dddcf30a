#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "figures.h"
#include "film/base/format.h"
#include "numbers.h"
#include "svg.h"

namespace film::report {
namespace {

constexpr double kLeast = 38;  // space at the left

std::string edge(double value) { return fmt::format("{:.6g}", value); }

}  // namespace

Figure histogram_figure(const Histogram& h) {
  const std::uint64_t most = *std::max_element(h.counts.begin(), h.counts.end());
  const double top = h.expected.empty() ? 0 : *std::max_element(h.expected.begin(), h.expected.end());
  const std::uint64_t total = std::accumulate(h.counts.begin(), h.counts.end(), std::uint64_t{0});
  const std::string name = "data_" + file_name(h.name);
  Svg svg(460, 206, h.title,
          fmt::format("{} in all, from {} to {} {}; the fullest bin holds {}.", grouped(total),
                      edge(h.edges.front()), edge(h.edges.back()), h.axis, grouped(most)));
  const Axis counts = nice_axis(0, std::max({1.0, static_cast<double>(most), top}), 4);
  const Plot plot{.left = std::max(kLeast, tick_margin(counts)),
                  .top = 30,
                  .right = 444,
                  .bottom = 162,
                  .x = exact_axis(h.edges.front(), h.edges.back(), 6),
                  .y = counts};
  draw_axes(svg, plot, h.axis, "count");
  std::string csv = "begin,end,count\n";
  for (std::size_t i = 0; i < h.counts.size(); ++i) {
    const Point low = plot.at(h.edges[i], 0),
                high = plot.at(h.edges[i + 1], static_cast<double>(h.counts[i]));
    const double gap = high.x - low.x > 4 ? 1 : 0;
    if (h.counts[i] > 0)
      svg.rect({low.x + gap / 2, high.y}, high.x - low.x - gap, low.y - high.y, "bar",
               fmt::format("{} to {} {}: {}", edge(h.edges[i]), edge(h.edges[i + 1]), h.axis,
                           grouped(h.counts[i])));
    csv += fmt::format("{},{},{}\n", h.edges[i], h.edges[i + 1], h.counts[i]);
  }
  std::vector<Point> expected;
  for (std::size_t i = 0; i < h.expected.size(); ++i)
    for (const double edge_of_bin : {h.edges[i], h.edges[i + 1]})
      expected.push_back(plot.at(edge_of_bin, h.expected[i]));
  svg.path(expected, "expected");
  const std::string caption = "n = " + grouped(total) + "." + (h.note.empty() ? "" : " " + h.note);
  return {name, h.title, "", caption, svg.finish(), csv};
}

}  // namespace film::report
