#include "film/scores/summary.h"

#include <algorithm>
#include <map>

#include "clusters.h"
#include "ends.h"
#include "factorial.h"
#include "film/base/random.h"
#include "film/scores/metrics.h"
#include "intervals.h"
#include "position_bins.h"
#include "val.h"

namespace film::scores {
namespace {

using Bins = std::vector<std::vector<double>>;  // scores (0..1) by position bin

PositionScore bin_score(const PositionBins& bins, std::size_t b, const std::vector<double>& values,
                        bool zero_one, const Settings& settings) {
  PositionScore score;
  score.begin = bins.begin(b);
  score.end = bins.end(b);
  score.count = values.size();
  if (values.empty()) return score;
  const double p = mean(values);
  const Interval i =
      zero_one ? wilson(p, static_cast<double>(values.size()))
               : bootstrap_mean(values, settings.resamples, settings.seed, "score.bin." + std::to_string(b));
  return {score.begin, score.end, score.count, 100 * p, 100 * i.low, 100 * i.high};
}

// Wilson on the effective number of trials: the variance of a mean over bins is sum(p(1-p)/n_b) / B^2.
Interval wilson_of_average(const Bins& bins, double average) {
  double inverse = 0, used = 0;
  for (const auto& values : bins) {
    if (values.empty()) continue;
    inverse += 1.0 / static_cast<double>(values.size());
    used += 1;
  }
  return inverse > 0 ? wilson(average, used * used / inverse) : Interval{0, 1};
}

Interval bootstrap_of_average(const Bins& bins, const Settings& settings) {
  std::vector<double> averages;
  for (std::uint32_t r = 0; r < settings.resamples; ++r) {
    Random random(settings.seed, "score.average", r);
    Bins drawn = bins;
    for (std::size_t b = 0; b < bins.size(); ++b)
      for (double& value : drawn[b]) value = bins[b][static_cast<std::size_t>(random.below(bins[b].size()))];
    averages.push_back(average_and_gap(drawn).average);
  }
  return {quantile(averages, 0.025), quantile(averages, 0.975)};
}

// The gap of the same scores dealt to the bins at random: a flat curve seen through this little data.
Json gap_by_chance(const Bins& bins, const Settings& settings) {
  std::vector<double> all;
  for (const auto& values : bins) all.insert(all.end(), values.begin(), values.end());
  std::vector<double> gaps;
  for (std::uint32_t r = 0; r < settings.resamples; ++r) {
    Random random(settings.seed, "score.gap", r);
    random.shuffle(all);
    Bins dealt = bins;
    std::size_t next = 0;
    for (auto& values : dealt)
      for (double& value : values) value = all[next++];
    gaps.push_back(100 * average_and_gap(dealt).gap);
  }
  return {{"mean", mean(gaps)}, {"high", quantile(gaps, 0.95)}};
}

Bins in_bins(const PositionBins& bins, const std::vector<Scored>& items) {
  Bins result(bins.count());
  for (const Scored& item : items) {
    const std::size_t b = bins.of(item.slot());
    if (b != PositionBins::kNone) result[b].push_back(item.score);
  }
  return result;
}

// VaL averages each context by itself first; counts and intervals stay those of the pooled items.
void use_val_means(Score& score, const tasks::Task& task, const std::vector<Scored>& items,
                   bool plot_compat) {
  std::uint32_t slots = 0;
  for (const Scored& item : items) slots = std::max(slots, item.slot().slots);
  std::vector<std::optional<double>> rows(task.contexts.size() * slots);
  for (const Scored& item : items) rows[item.context * slots + item.slot().slot] = item.score;
  const ValSummary val = val_summary(rows, slots, kValSpan, plot_compat);
  std::size_t span = 0;
  for (PositionScore& position : score.curve->positions)
    if (position.count > 0) position.mean = val.spans[span++];
  score.average = val.average;
  score.curve->gap = val.gap;
}

// Bands of equal width between the shortest and the longest context, those that hold something.
std::optional<std::vector<LengthScores>> by_length(const std::vector<Scored>& items, bool zero_one,
                                                   const Settings& settings) {
  constexpr std::uint32_t kBands = 4, kPositions = 5;
  constexpr double kSeveral = 1.5;  // the longest over the shortest
  std::uint32_t least = UINT32_MAX, most = 0;
  for (const Scored& item : items) {
    least = std::min(least, item.slot().slots);
    most = std::max(most, item.slot().slots);
  }
  if (items.empty() || most < kSeveral * least) return {};
  const PositionBins bins(kPositions, 0, 1, false);
  std::vector<std::vector<Scored>> bands(kBands);
  for (const Scored& item : items)
    bands[(item.slot().slots - least) * kBands / (most - least + 1)].push_back(item);
  std::vector<LengthScores> result;
  for (const std::vector<Scored>& band : bands) {
    if (band.empty()) continue;
    LengthScores row{UINT32_MAX, 0, {}};
    for (const Scored& item : band) {
      row.least = std::min(row.least, item.slot().slots);
      row.most = std::max(row.most, item.slot().slots);
    }
    const Bins values = in_bins(bins, band);
    for (std::size_t b = 0; b < values.size(); ++b)
      row.positions.push_back(bin_score(bins, b, values[b], zero_one, settings));
    result.push_back(std::move(row));
  }
  return result;
}

PositionCurve curve_of(const PositionBins& bins, const Bins& values, bool zero_one, double gap,
                       const Settings& settings) {
  PositionCurve curve;
  for (std::size_t b = 0; b < values.size(); ++b)
    curve.positions.push_back(bin_score(bins, b, values[b], zero_one, settings));
  curve.gap = 100 * gap;
  return curve;
}

Interval interval_of_average(const Bins& values, std::uint64_t count, double average, bool zero_one,
                             const Settings& settings) {
  if (count == 0) return {0, 1};
  return zero_one ? wilson_of_average(values, average) : bootstrap_of_average(values, settings);
}

// {"cut": 3, "refused": 1}: predictions that are not whole answers.
Json states_of(const std::vector<Prediction>& predictions) {
  std::map<std::string, std::uint64_t> counts;
  for (const Prediction& prediction : predictions)
    if (prediction.state && *prediction.state != AnswerState::given) ++counts[name_of(*prediction.state)];
  Json json = Json::object();
  for (const auto& [name, count] : counts) json[name] = count;
  return json;
}

}  // namespace

Score summarise(const tasks::Task& task, const std::vector<Prediction>& predictions,
                const Settings& settings) {
  const std::vector<Scored> items = match(task, predictions);
  const PositionBins bins = position_bins(task, settings);
  const Bins values = in_bins(bins, items);
  const bool zero_one = find_metric(task.metric).zero_one;
  const AverageAndGap total = average_and_gap(values);

  Score score;
  score.task = task.name;
  score.metric = task.metric;
  score.pattern = task.pattern;
  score.notes = task.notes;
  for (const auto& bin : values) score.count += bin.size();
  score.average = 100 * total.average;
  const Interval interval = interval_of_average(values, score.count, total.average, zero_one, settings);
  score.low = 100 * interval.low;
  score.high = 100 * interval.high;
  score.notes["interval"] = zero_one ? "Wilson" : "bootstrap";
  if (has_positions(task)) {
    score.curve = curve_of(bins, values, zero_one, total.gap, settings);
    score.by_length = by_length(items, zero_one, settings);
    if (score.count > 0) score.notes["gap_by_chance"] = gap_by_chance(values, settings);
  }
  if (const auto error = clustered_error(task, items))
    score.notes["standard_error"] = {{"units", error->units},
                                     {"plain", error->plain},
                                     {"clustered", error->clustered},
                                     {"low", error->low},
                                     {"high", error->high}};
  score.cells = design_cells(items, settings);
  if (score.curve && !score.cells) {
    if (const auto ends = ends_against_middle(task, items, zero_one, settings))
      score.notes["ends"] = {{"ends", ends->ends}, {"middle", ends->middle}, {"difference", ends->difference},
                             {"low", ends->low},   {"high", ends->high},     {"verdict", ends->verdict}};
  }
  if (items.size() < task.item_count()) score.notes["unanswered"] = task.item_count() - items.size();
  if (Json states = states_of(predictions); !states.empty()) score.notes["answers"] = std::move(states);
  if (!score.curve) return score;
  if (settings.aggregation != Aggregation::bins && score.count > 0)
    use_val_means(score, task, items, settings.aggregation == Aggregation::val_plot);
  add_plain_mean(score, items);
  return score;
}

}  // namespace film::scores
