#include "clusters.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "factorial.h"
#include "film/scores/units.h"

namespace film::scores {

Units::Units(const tasks::Task& task)
    : shared_(task.contexts.size() > 1 && std::ranges::any_of(task.contexts, [](const auto& context) {
                return context.items.size() > 1;
              })) {}

std::optional<std::uint64_t> Units::of(const tasks::Item& item, std::size_t context) const {
  if (item.design) return item.design->item;
  return shared_ ? std::optional(context) : std::nullopt;
}

std::vector<std::size_t> units_of(const tasks::Task& task, const std::vector<Scored>& items) {
  const Units units(task);
  std::vector<std::size_t> numbers;
  for (const Scored& item : items)
    numbers.push_back(units.of(*item.item, item.context).value_or(numbers.size()));
  return numbers;
}

std::optional<ClusteredError> clustered_error(const tasks::Task& task, const std::vector<Scored>& items) {
  const std::vector<std::size_t> unit_of = units_of(task, items);
  double sum = 0;
  for (const Scored& item : items) sum += item.score;
  const auto n = static_cast<double>(items.size());
  const double mean = sum / n;
  double squares = 0, of_units = 0;
  std::map<std::size_t, double> units;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const double off = items[i].score - mean;
    squares += off * off;
    units[unit_of[i]] += off;
  }
  if (units.size() < 2 || units.size() == items.size()) return {};
  for (const auto& [unit, off] : units) of_units += off * off;
  const auto G = static_cast<double>(units.size());
  ClusteredError error{units.size(), 100 * std::sqrt(squares / (n * (n - 1))),
                       100 * std::sqrt(of_units * G / (G - 1)) / n, 0, 0};
  const double reach = student_t(0.975, G - 1) * error.clustered;
  error.low = std::max(0.0, 100 * mean - reach);
  error.high = std::min(100.0, 100 * mean + reach);
  return error;
}

}  // namespace film::scores
