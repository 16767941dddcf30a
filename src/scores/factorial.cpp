#include "factorial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "intervals.h"

namespace film::scores {

using tasks::Design;

namespace {

constexpr double kBoth95 = 0.975, kBoth90 = 0.95;  // quantiles of 95 % and 90 % intervals
constexpr double kZ95 = 1.6448536269514722,
                 kZ90 = 1.2815515655446004;  // for a power of 80 % at a difference of 0

struct Paired {
  double mean = 0, error = 0, spread = 0;  // in points; spread: standard deviation over questions
  double degrees = 1;
  Interval interval(double quantile) const {
    const double reach = student_t(quantile, degrees) * error;
    return {std::max(-100.0, mean - reach), std::min(100.0, mean + reach)};
  }
};

Paired paired(const std::vector<double>& differences) {
  const auto n = static_cast<double>(differences.size());
  double sum = 0, squares = 1;  // of the added pairs: (1/2 + 1/2) x 1^2
  for (const double d : differences) {
    sum += d;
    squares += d * d;
  }
  const double mean = sum / (n + 2), variance = squares / (n + 2) - mean * mean;
  return {100 * mean, 100 * std::sqrt(variance / (n + 2)), 100 * std::sqrt(variance), std::max(1.0, n - 1)};
}

double mean_of(std::span<const double> values) { return mean({values.begin(), values.end()}); }

bool inside(const Interval& interval, double reach) { return interval.low > -reach && interval.high < reach; }

std::string verdict(const Paired& first, const Paired& last, double flat_within) {
  if (inside(first.interval(kBoth90), flat_within) && inside(last.interval(kBoth90), flat_within))
    return fmt::format("flat within {:g} points", flat_within);
  const bool first_better = first.interval(kBoth95).low > 0, last_better = last.interval(kBoth95).low > 0;
  if (first_better && last_better) return "U: both ends are better";
  if (first_better) return "the beginning is better than the middle";
  if (last_better) return "the end is better than the middle";
  if (first.interval(kBoth95).high < 0 && last.interval(kBoth95).high < 0)
    return "the middle is better than the ends";
  return "undecided";
}

// Regularised incomplete beta function I_x(a, b) by its continued fraction (Lentz).
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  d = 1 / (std::abs(d) < kTiny ? kTiny : d);
  double value = d;
  for (int m = 1; m < 500; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double change = 1;
    for (const double term : {even, odd}) {
      d = 1 + term * d;
      c = 1 + term / c;
      d = 1 / (std::abs(d) < kTiny ? kTiny : d);
      c = std::abs(c) < kTiny ? kTiny : c;
      change = c * d;
      value *= change;
    }
    if (std::abs(change - 1) < 1e-14) break;
  }
  return value;
}

double incomplete_beta(double a, double b, double x) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log(1 - x));
  const bool direct = x < (a + 1) / (a + b + 2);
  return direct ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

// One cell as it is collected: question -> its scores by depth, nothing where it was not answered.
using ByItem = std::map<std::uint32_t, std::vector<std::optional<double>>>;

std::vector<std::vector<double>> whole(const ByItem& items) {
  std::vector<std::vector<double>> list;
  for (const auto& [number, scores] : items) {
    if (!std::ranges::all_of(scores, [](const auto& score) { return score.has_value(); })) continue;
    list.emplace_back();
    for (const auto& score : scores) list.back().push_back(*score);
  }
  return list;
}

DesignCell cell_of(const Design& design, const std::vector<std::vector<double>>& by_item,
                   const Settings& settings) {
  DesignCell cell{design.tokens, design.filler, by_item.size(), {}, {}};
  for (std::uint32_t depth = 0; depth < design.depths; ++depth) {
    std::vector<double> values;
    for (const auto& scores : by_item) values.push_back(scores[depth]);
    const bool zero_one = std::ranges::all_of(values, [](double v) { return v == 0 || v == 1; });
    const double share = mean(values);
    const std::string purpose =
        fmt::format("score.cell.{}.{}.{}", design.tokens, name_of(design.filler), depth);
    const Interval i = zero_one ? wilson(share, static_cast<double>(values.size()))
                                : bootstrap_mean(values, settings.resamples, settings.seed, purpose);
    const double at = design.depths < 2 ? 0 : static_cast<double>(depth) / (design.depths - 1);
    cell.positions.push_back({at, at, values.size(), 100 * share, 100 * i.low, 100 * i.high});
  }
  if (by_item.size() >= 2 && design.depths >= 3) cell.within = within_items(by_item, settings.flat_within);
  return cell;
}

}  // namespace

double student_t(double p, double degrees) {
  const auto below = [&](double t) {
    return 1 - 0.5 * incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t));
  };
  double low = 0, high = 1;
  while (below(high) < p && high < 1e9) high *= 2;
  for (int i = 0; i < 200 && high - low > 1e-12 * high; ++i) {
    const double middle = (low + high) / 2;
    (below(middle) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

WithinItem within_items(const std::vector<std::vector<double>>& by_item, double flat_within) {
  std::vector<double> first, last, both;
  for (const std::vector<double>& scores : by_item) {
    const double middle = mean_of(std::span(scores).subspan(1, scores.size() - 2));
    first.push_back(scores.front() - middle);
    last.push_back(scores.back() - middle);
    both.push_back((scores.front() + scores.back()) / 2 - middle);
  }
  const Paired at_first = paired(first), at_last = paired(last), ends = paired(both);
  const Interval f = at_first.interval(kBoth95), l = at_last.interval(kBoth95), e = ends.interval(kBoth95);
  WithinItem within;
  within.difference = 100 * mean(both);
  within.low = e.low;
  within.high = e.high;
  within.first = 100 * mean(first);
  within.first_low = f.low;
  within.first_high = f.high;
  within.last = 100 * mean(last);
  within.last_low = l.low;
  within.last_high = l.high;
  within.verdict = verdict(at_first, at_last, flat_within);
  const double widest = std::max(at_first.spread, at_last.spread) / flat_within;
  within.items_needed =
      static_cast<std::uint64_t>(std::ceil((kZ95 + kZ90) * (kZ95 + kZ90) * widest * widest));
  return within;
}

std::optional<std::vector<DesignCell>> design_cells(const std::vector<Scored>& items,
                                                    const Settings& settings) {
  std::vector<std::pair<Design, ByItem>> cells;
  for (const Scored& scored : items) {
    if (!scored.item->design) return {};
    const Design& design = *scored.item->design;
    auto cell = std::ranges::find_if(cells, [&](const auto& known) {
      return known.first.tokens == design.tokens && known.first.filler == design.filler;
    });
    if (cell == cells.end()) cell = cells.insert(cells.end(), {design, {}});
    auto& scores = cell->second[design.item];
    scores.resize(design.depths);
    scores[design.depth] = scored.score;
  }
  if (cells.empty()) return {};
  std::vector<DesignCell> result;
  for (const auto& [design, by_item] : cells) result.push_back(cell_of(design, whole(by_item), settings));
  return result;
}

}  // namespace film::scores
