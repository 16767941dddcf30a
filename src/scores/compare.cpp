#include <unordered_map>

#include "film/base/random.h"
#include "film/scores/metrics.h"
#include "film/scores/summary.h"
#include "intervals.h"
#include "position_bins.h"

namespace film::scores {
namespace {

struct Pair {
  double before, after;
};
using PairBins = std::vector<std::vector<Pair>>;
using Values = std::vector<std::vector<double>>;

PairBins pair_up(const tasks::Task& task, const PositionBins& bins, const std::vector<Prediction>& before,
                 const std::vector<Prediction>& after) {
  std::unordered_map<const tasks::Item*, double> first;
  for (const Scored& item : match(task, before)) first.emplace(item.item, item.score);
  PairBins pairs(bins.count());
  for (const Scored& item : match(task, after)) {
    const std::size_t b = bins.of(item.slot());
    const auto found = first.find(item.item);
    if (b != PositionBins::kNone && found != first.end()) pairs[b].push_back({found->second, item.score});
  }
  return pairs;
}

// What one resample (or the data itself) says, in points.
struct Effect {
  double difference, gap;
  std::vector<double> bins;
};

Effect effect(const PairBins& pairs) {
  Values before, after;
  Effect result{};
  for (const auto& bin : pairs) {
    std::vector<double> b, a;
    for (const Pair& pair : bin) {
      b.push_back(pair.before);
      a.push_back(pair.after);
    }
    result.bins.push_back(100 * (mean(a) - mean(b)));
    before.push_back(std::move(b));
    after.push_back(std::move(a));
  }
  const AverageAndGap first = average_and_gap(before), second = average_and_gap(after);
  result.difference = 100 * (second.average - first.average);
  result.gap = 100 * (second.gap - first.gap);
  return result;
}

PairBins resample(const PairBins& pairs, Random& random) {
  PairBins drawn = pairs;
  for (std::size_t b = 0; b < pairs.size(); ++b)
    for (Pair& pair : drawn[b]) pair = pairs[b][static_cast<std::size_t>(random.below(pairs[b].size()))];
  return drawn;
}

Interval middle(const std::vector<double>& values) {
  return {quantile(values, 0.025), quantile(values, 0.975)};
}

PairedCounts paired_counts(const std::vector<Pair>& bin) {
  PairedCounts c;
  for (const Pair& pair : bin) {
    const bool before = pair.before > 0, after = pair.after > 0;
    double& cell = before ? (after ? c.both : c.only_before) : (after ? c.only_after : c.neither);
    cell += 1;
  }
  return c;
}

// Shares averaged over bins, on the effective number of summary.cpp.
PairedCounts average_counts(const PairBins& pairs) {
  PairedCounts sum;
  double inverse = 0, used = 0;
  for (const auto& bin : pairs) {
    if (bin.empty()) continue;
    const auto n = static_cast<double>(bin.size());
    const PairedCounts c = paired_counts(bin);
    sum.both += c.both / n;
    sum.only_before += c.only_before / n;
    sum.only_after += c.only_after / n;
    sum.neither += c.neither / n;
    inverse += 1 / n;
    used += 1;
  }
  // The shares sum to `used`; the effective number is used^2 / inverse.
  const double scale = used > 0 ? used / inverse : 0;
  return {sum.both * scale, sum.only_before * scale, sum.only_after * scale, sum.neither * scale};
}

Interval points(const Interval& shares) { return {100 * shares.low, 100 * shares.high}; }

void count_changes(const PairBins& pairs, Comparison& c) {
  for (const auto& bin : pairs)
    for (const Pair& pair : bin) {
      ++c.count;
      c.better += pair.after > pair.before;
      c.worse += pair.after < pair.before;
    }
}

// What the resamples say, value by value.
struct Resampled {
  std::vector<double> differences, gaps;
  Values bins;
};

Resampled resampled(const PairBins& pairs, const Settings& settings) {
  Resampled all;
  all.bins.resize(pairs.size());
  for (std::uint32_t r = 0; r < settings.resamples; ++r) {
    Random random(settings.seed, "score.compare", r);
    const Effect e = effect(resample(pairs, random));
    all.differences.push_back(e.difference);
    all.gaps.push_back(e.gap);
    for (std::size_t b = 0; b < pairs.size(); ++b) all.bins[b].push_back(e.bins[b]);
  }
  return all;
}

CurveDifference curve_difference(const PositionBins& bins, const PairBins& pairs, const Effect& seen,
                                 const Resampled& drawn, bool zero_one) {
  const Interval gap = middle(drawn.gaps);
  CurveDifference curve{seen.gap, gap.low, gap.high, {}};
  for (std::size_t b = 0; b < bins.count(); ++b) {
    const Interval i = zero_one ? points(paired_difference(paired_counts(pairs[b]))) : middle(drawn.bins[b]);
    curve.positions.push_back({bins.begin(b), bins.end(b), pairs[b].size(), seen.bins[b], i.low, i.high});
  }
  return curve;
}

}  // namespace

Comparison compare(const tasks::Task& task, const std::vector<Prediction>& before,
                   const std::vector<Prediction>& after, const std::string& before_label,
                   const std::string& after_label, const Settings& settings) {
  const PositionBins bins = position_bins(task, settings);
  const PairBins pairs = pair_up(task, bins, before, after);
  const Effect seen = effect(pairs);
  const Resampled drawn = resampled(pairs, settings);
  const bool zero_one = find_metric(task.metric).zero_one;
  const Interval difference =
      zero_one ? points(paired_difference(average_counts(pairs))) : middle(drawn.differences);
  Comparison c;
  c.task = task.name;
  c.metric = task.metric;
  c.before = before_label;
  c.after = after_label;
  c.difference = seen.difference;
  c.low = difference.low;
  c.high = difference.high;
  count_changes(pairs, c);
  if (has_positions(task)) c.curve = curve_difference(bins, pairs, seen, drawn, zero_one);
  return c;
}

}  // namespace film::scores
