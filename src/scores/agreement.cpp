#include "film/scores/agreement.h"

#include <algorithm>
#include <cmath>

#include "intervals.h"

namespace film::scores {
namespace {

// A table of two raters, as fractions.
struct Fractions {
  std::vector<std::vector<double>> p;
  std::vector<double> rows, columns;
  double seen = 0, chance = 0;  // agreement
};

Fractions fractions_of(const std::vector<std::vector<std::uint64_t>>& table, double count) {
  const std::size_t size = table.size();
  Fractions f{std::vector(size, std::vector<double>(size)), std::vector<double>(size),
              std::vector<double>(size)};
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) {
      f.p[i][j] = static_cast<double>(table[i][j]) / count;
      f.rows[i] += f.p[i][j];
      f.columns[j] += f.p[i][j];
    }
  for (std::size_t i = 0; i < size; ++i) {
    f.seen += f.p[i][i];
    f.chance += f.rows[i] * f.columns[i];
  }
  return f;
}

// Fleiss, Cohen and Everitt 1969, equation 13.
double variance_of_kappa(const Fractions& f, double count) {
  const double missed = 1 - f.seen, beyond = 1 - f.chance;
  double sum = 0;
  for (std::size_t i = 0; i < f.p.size(); ++i)
    for (std::size_t j = 0; j < f.p.size(); ++j) {
      const double both =
          i == j ? beyond - (f.rows[i] + f.columns[i]) * missed : missed * (f.columns[i] + f.rows[j]);
      sum += f.p[i][j] * both * both;
    }
  const double all = f.seen * f.chance - 2 * f.chance + f.seen;
  return std::max(0.0, sum - all * all) / (count * beyond * beyond * beyond * beyond);
}

Interval interval_of_kappa(const Fractions& f, double kappa, double count) {
  constexpr double kNothing = 1e-12;
  const double variance = variance_of_kappa(f, count);
  if (variance < kNothing) {
    const Interval agreed = wilson(f.seen, count);
    return {(agreed.low - f.chance) / (1 - f.chance), (agreed.high - f.chance) / (1 - f.chance)};
  }
  const double reach = kNormalReach * std::sqrt(variance);
  return {kappa - reach, kappa + reach};
}

}  // namespace

Agreement agreement(const std::vector<std::string>& words,
                    const std::vector<std::pair<std::size_t, std::size_t>>& verdicts) {
  Agreement result;
  result.words = words;
  result.count = verdicts.size();
  result.table.assign(words.size(), std::vector<std::uint64_t>(words.size()));
  for (const auto& [person, judge] : verdicts) ++result.table.at(person).at(judge);
  result.high = 100;
  result.kappa_low = -1;
  result.kappa_high = 1;
  if (verdicts.empty()) return result;
  const auto count = static_cast<double>(verdicts.size());
  const Fractions f = fractions_of(result.table, count);
  const Interval agreed = wilson(f.seen, count);
  result.agreed = 100 * f.seen;
  result.low = 100 * agreed.low;
  result.high = 100 * agreed.high;
  if (f.chance >= 1) return result;
  result.kappa = (f.seen - f.chance) / (1 - f.chance);
  const Interval interval = interval_of_kappa(f, result.kappa, count);
  result.kappa_low = std::max(-1.0, interval.low);
  result.kappa_high = std::min(1.0, interval.high);
  return result;
}

}  // namespace film::scores
