#include "intervals.h"

#include <algorithm>
#include <cmath>

#include "film/base/random.h"

namespace film::scores {
namespace {}  // namespace

Interval wilson(double p, double n) {
  if (n <= 0) return {0, 1};
  const double z2 = kNormalReach * kNormalReach;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kNormalReach / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  // At the ends the formula gives exactly 0 and 1 but for rounding.
  return {p <= 0 ? 0 : std::max(0.0, centre - half), p >= 1 ? 1 : std::min(1.0, centre + half)};
}

Interval paired_difference(const PairedCounts& c) {
  const double n = c.both + c.only_before + c.only_after + c.neither;
  if (n <= 0) return {-1, 1};
  const double p1 = (c.both + c.only_before) / n, p2 = (c.both + c.only_after) / n;
  const Interval w1 = wilson(p1, n), w2 = wilson(p2, n);

  double numerator = c.both * c.neither - c.only_before * c.only_after;
  if (numerator > 0) numerator = std::max(0.0, numerator - n / 2);
  const double product = p1 * (1 - p1) * p2 * (1 - p2);
  const double phi = product > 0 ? numerator / (n * n * std::sqrt(product)) : 0;

  const auto reach = [phi](double x, double y) {
    return std::sqrt(std::max(0.0, x * x - 2 * phi * x * y + y * y));
  };
  const double difference = p2 - p1;
  return {difference - reach(p2 - w2.low, w1.high - p1), difference + reach(w2.high - p2, p1 - w1.low)};
}

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  const double at = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

Interval bootstrap_mean(std::span<const double> values, std::uint32_t resamples, std::uint64_t seed,
                        std::string_view purpose) {
  if (values.empty()) return {};
  std::vector<double> means;
  for (std::uint32_t r = 0; r < resamples; ++r) {
    Random random(seed, purpose, r);
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      sum += values[static_cast<std::size_t>(random.below(values.size()))];
    means.push_back(sum / static_cast<double>(values.size()));
  }
  return {quantile(means, 0.025), quantile(means, 0.975)};
}

}  // namespace film::scores
