#include "val.h"

#include <algorithm>
#include <cmath>

#include "position_bins.h"

namespace film::scores {
namespace {

double population_deviation(const std::vector<double>& values) {
  const double centre = mean(values);
  double squares = 0;
  for (const double v : values) squares += (v - centre) * (v - centre);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace

ValSummary val_summary(const std::vector<std::optional<double>>& rows, std::uint32_t per_set,
                       std::uint32_t span, bool plot_compat) {
  ValSummary summary;
  for (std::size_t begin = 0; begin < per_set; begin += span) {
    const std::size_t full = std::min<std::size_t>(begin + span, per_set);
    const std::size_t end = plot_compat && full == begin + span ? full - 1 : full;
    std::vector<double> sets;
    for (std::size_t set = 0; set < rows.size(); set += per_set) {
      std::vector<double> values;
      for (std::size_t i = set + begin; i < set + end && i < rows.size(); ++i)
        if (rows[i]) values.push_back(100 * *rows[i]);
      if (!values.empty()) sets.push_back(mean(values));
    }
    if (sets.empty()) continue;
    summary.spans.push_back(mean(sets));
    summary.deviation.push_back(population_deviation(sets));
  }
  if (summary.spans.empty()) return summary;
  summary.average = mean(summary.spans);
  const auto [least, most] = std::minmax_element(summary.spans.begin(), summary.spans.end());
  summary.gap = *most - *least;
  return summary;
}

}  // namespace film::scores
