#include "film/scores/pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "clusters.h"
#include "film/base/random.h"
#include "intervals.h"

namespace film::scores {
namespace {

// Differences of one unit.
struct Unit {
  double sum = 0;
  double count = 0;
};

std::vector<Unit> differences_of(const tasks::Task& task, const std::vector<Scored>& first,
                                 const std::vector<Scored>& second) {
  const std::vector<std::size_t> unit_of = units_of(task, second);
  std::map<const tasks::Item*, double> before;
  for (const Scored& item : first) before.emplace(item.item, item.score);
  std::map<std::size_t, Unit> units;
  for (std::size_t i = 0; i < second.size(); ++i) {
    const auto found = before.find(second[i].item);
    if (found == before.end()) continue;
    Unit& unit = units[unit_of[i]];
    unit.sum += second[i].score - found->second;
    ++unit.count;
  }
  std::vector<Unit> list;
  for (const auto& [number, unit] : units) list.push_back(unit);
  return list;
}

double sum_of(const std::vector<Unit>& units) {
  return std::accumulate(units.begin(), units.end(), 0.0,
                         [](double s, const Unit& unit) { return s + unit.sum; });
}

double p_of(const std::vector<Unit>& units, const Settings& settings, const std::string& purpose) {
  const double seen = std::abs(sum_of(units));
  std::uint64_t as_far = 0;
  for (std::uint32_t r = 0; r < settings.resamples; ++r) {
    Random random(settings.seed, purpose, r);
    double flipped = 0;
    for (const Unit& unit : units) flipped += random.bits() % 2 == 0 ? unit.sum : -unit.sum;
    as_far += std::abs(flipped) >= seen - 1e-9;
  }
  return static_cast<double>(1 + as_far) / static_cast<double>(1 + settings.resamples);
}

Interval interval_of(const std::vector<Unit>& units, const Settings& settings, const std::string& purpose) {
  std::vector<double> means;
  for (std::uint32_t r = 0; r < settings.resamples; ++r) {
    Random random(settings.seed, purpose, r);
    Unit drawn;
    for (std::size_t i = 0; i < units.size(); ++i) {
      const Unit& unit = units[static_cast<std::size_t>(random.below(units.size()))];
      drawn.sum += unit.sum;
      drawn.count += unit.count;
    }
    means.push_back(100 * drawn.sum / drawn.count);
  }
  return {quantile(means, 0.025), quantile(means, 0.975)};
}

PairDifference difference_of(const std::vector<Unit>& units, const Settings& settings) {
  PairDifference pair;
  double count = 0;
  for (const Unit& unit : units) count += unit.count;
  pair.count = static_cast<std::uint64_t>(count);
  pair.contexts = units.size();
  if (units.empty()) return pair;
  pair.difference = 100 * sum_of(units) / count;
  const Interval interval = interval_of(units, settings, "score.pair.interval");
  pair.low = interval.low;
  pair.high = interval.high;
  pair.p = p_of(units, settings, "score.pair.signs");
  return pair;
}

}  // namespace

std::vector<PairDifference> pair_differences(const tasks::Task& task,
                                             const std::vector<std::vector<Prediction>>& predictions,
                                             const std::vector<std::string>& labels,
                                             const Settings& settings) {
  std::vector<std::vector<Scored>> scored;
  for (const auto& of_model : predictions) scored.push_back(match(task, of_model));
  std::vector<PairDifference> pairs;
  for (std::size_t first = 0; first < scored.size(); ++first)
    for (std::size_t second = first + 1; second < scored.size(); ++second) {
      pairs.push_back(difference_of(differences_of(task, scored[first], scored[second]), settings));
      pairs.back().task = task.name;
      pairs.back().first = labels[first];
      pairs.back().second = labels[second];
    }
  return pairs;
}

void correct(std::vector<PairDifference>& pairs) {
  std::vector<std::size_t> order(pairs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return pairs[i].p; });
  double least = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    PairDifference& pair = pairs[order[i]];
    least = std::max(least, std::min(1.0, static_cast<double>(order.size() - i) * pair.p));
    pair.corrected = least;
  }
}

}  // namespace film::scores
