#include "ends.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "clusters.h"
#include "factorial.h"

namespace film::scores {
namespace {

enum class Part { none, ends, middle };

Part part_of(const PositionBins& bins, std::size_t b) {
  if (b == 0 || b + 1 == bins.count()) return Part::ends;
  const double from = bins.begin(0), whole = bins.end(bins.count() - 1) - from;
  const double centre = ((bins.begin(b) + bins.end(b)) / 2 - from) / whole;
  return centre > 0.25 && centre < 0.75 ? Part::middle : Part::none;
}

// One bin: its part of the curve, how much each of its answers weighs in the mean of that part, and their mean.
struct Bin {
  Part part = Part::none;
  double count = 0, sum = 0, weight = 0;
  double mean() const { return sum / count; }
};

struct Side {
  double bins = 0, count = 0, mean = 0;
  // Variance of a share with one right and one wrong answer added.
  double least_variance() const {
    const double p = (mean * count + 1) / (count + 2);
    return p * (1 - p) / (count + 2);
  }
};

bool weigh(std::vector<Bin>& bins, Side& ends, Side& middle) {
  for (const Bin& bin : bins) {
    if (bin.part == Part::none) continue;
    if (bin.count == 0) return false;
    (bin.part == Part::ends ? ends : middle).bins += 1;
  }
  for (Bin& bin : bins) {
    if (bin.part == Part::none) continue;
    Side& side = bin.part == Part::ends ? ends : middle;
    side.count += bin.count;
    side.mean += bin.mean() / side.bins;
    bin.weight = (bin.part == Part::ends ? 1 : -1) / (side.bins * bin.count);
  }
  return middle.bins > 0;
}

std::string verdict(const EndsAgainstMiddle& found, double error, double degrees, double flat_within) {
  const double reach = 100 * student_t(0.95, degrees) * error;
  if (std::abs(found.difference) + reach < flat_within)
    return fmt::format("flat within {:g} points", flat_within);
  if (found.low > 0) return "U: the ends are better";
  return found.high < 0 ? "the middle is better" : "undecided";
}

}  // namespace

std::optional<EndsAgainstMiddle> ends_against_middle(const tasks::Task& task,
                                                     const std::vector<Scored>& items, bool zero_one,
                                                     const Settings& settings) {
  const PositionBins places = position_bins(task, settings);
  if (places.count() < 4) return {};
  std::vector<Bin> bins(places.count());
  for (std::size_t b = 0; b < bins.size(); ++b) bins[b].part = part_of(places, b);
  for (const Scored& item : items) {
    const std::size_t b = places.of(item.slot());
    if (b == PositionBins::kNone) continue;
    bins[b].count += 1;
    bins[b].sum += item.score;
  }
  Side ends, middle;
  if (!weigh(bins, ends, middle)) return {};

  const std::vector<std::size_t> unit_of = units_of(task, items);
  std::map<std::size_t, double> units;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t b = places.of(items[i].slot());
    if (b == PositionBins::kNone || bins[b].part == Part::none) continue;
    units[unit_of[i]] += bins[b].weight * (items[i].score - bins[b].mean());
  }
  if (units.size() < 2) return {};
  const auto count = static_cast<double>(units.size());
  double variance = 0;
  for (const auto& [unit, off] : units) variance += off * off * count / (count - 1);
  if (zero_one) variance = std::max(variance, ends.least_variance() + middle.least_variance());

  EndsAgainstMiddle found{100 * ends.mean, 100 * middle.mean, 100 * (ends.mean - middle.mean), 0, 0, ""};
  const double error = std::sqrt(variance), reach = 100 * student_t(0.975, count - 1) * error;
  found.low = std::max(-100.0, found.difference - reach);
  found.high = std::min(100.0, found.difference + reach);
  found.verdict = verdict(found, error, count - 1, settings.flat_within);
  return found;
}

}  // namespace film::scores
