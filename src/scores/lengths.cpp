#include "film/scores/lengths.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "film/base/format.h"
#include "film/base/random.h"
#include "intervals.h"
#include "position_bins.h"

namespace film::scores {
namespace {

constexpr double kRulerPasses = 85.6;   // points
constexpr double kNolimaPasses = 0.85;  // of the base score
constexpr std::array<std::uint32_t, 3> kBaseLengths = {250, 500, 1000};
constexpr std::size_t kRulerTasks = 13;

struct Sum {
  double score = 0, count = 0;
};
using Units = std::vector<Sum>;     // what a bootstrap draws: questions, or needles with all their questions
using Strata = std::vector<Units>;  // each counts the same: RULER's tasks
using ByLength = std::map<std::uint32_t, Strata>;

double mean_of_strata(const Strata& strata) {
  double sum = 0;
  for (const Units& units : strata) {
    Sum all;
    for (const Sum& unit : units) {
      all.score += unit.score;
      all.count += unit.count;
    }
    sum += 100 * all.score / all.count;
  }
  return sum / static_cast<double>(strata.size());
}

Interval interval_of_strata(const Strata& strata, std::uint32_t tokens, const Settings& settings) {
  std::vector<double> means;
  for (std::uint32_t r = 0; r < settings.resamples; ++r) {
    Random random(settings.seed, "score.length." + std::to_string(tokens), r);
    Strata drawn = strata;
    for (std::size_t s = 0; s < strata.size(); ++s)
      for (Sum& unit : drawn[s]) unit = strata[s][static_cast<std::size_t>(random.below(strata[s].size()))];
    means.push_back(mean_of_strata(drawn));
  }
  return {quantile(means, 0.025), quantile(means, 0.975)};
}

using Named = std::map<std::string, Sum>;  // units by name

// Of the task's units at each length. by_needle: a unit is all questions of one needle.
std::map<std::uint32_t, Named> units_of(const tasks::Task& task, const std::vector<Scored>& items,
                                        bool by_needle) {
  std::map<std::uint32_t, Named> units;
  for (const Scored& item : items) {
    if (item.item->length == 0) continue;
    Sum& unit = units[item.item->length][by_needle ? task.contexts[item.context].group : item.item->id];
    unit.score += item.score;
    ++unit.count;
  }
  return units;
}

Units without_names(const Named& named) {
  Units units;
  for (const auto& [name, unit] : named) units.push_back(unit);
  return units;
}

LengthTable table_of(const std::string& benchmark, const std::string& model, const ByLength& lengths,
                     const Settings& settings) {
  LengthTable table;
  table.benchmark = benchmark;
  table.model = model;
  for (const auto& [tokens, strata] : lengths) {
    LengthRow row{tokens};
    for (const Units& units : strata)
      for (const Sum& unit : units) row.count += static_cast<std::uint64_t>(unit.count);
    row.mean = mean_of_strata(strata);
    const Interval interval = interval_of_strata(strata, tokens, settings);
    row.low = interval.low;
    row.high = interval.high;
    table.rows.push_back(row);
  }
  return table;
}

void mark_passing(LengthTable& table) {
  constexpr double kRounding = 1e-9;
  if (!table.threshold) return;
  for (LengthRow& row : table.rows) {
    row.passes = row.mean >= *table.threshold - kRounding;
    if (row.passes) table.effective = row.tokens;
  }
}

void add_averages(LengthTable& table) {
  double sum = 0, longer = 0, shorter = 0, weights = 0;
  const std::size_t n = table.rows.size();
  for (std::size_t i = 0; i < n; ++i) {
    sum += table.rows[i].mean;
    longer += static_cast<double>(i + 1) * table.rows[i].mean;
    shorter += static_cast<double>(n - i) * table.rows[i].mean;
    weights += static_cast<double>(i + 1);
  }
  table.average = sum / static_cast<double>(n);
  table.longer = longer / weights;
  table.shorter = shorter / weights;
}

struct Answered {
  const tasks::Task* task;
  std::vector<Scored> items;
};

std::optional<LengthTable> ruler_table(const std::vector<Answered>& list, const std::string& model,
                                       const Settings& settings) {
  ByLength lengths;
  for (const Answered& answered : list)
    for (const auto& [length, units] : units_of(*answered.task, answered.items, false))
      lengths[length].push_back(without_names(units));
  if (lengths.size() < 2) return {};
  LengthTable table = table_of("ruler", model, lengths, settings);
  for (const Answered& answered : list) table.tasks.push_back(answered.task->name);
  table.threshold = kRulerPasses;
  mark_passing(table);
  add_averages(table);
  const bool whole =
      std::ranges::all_of(lengths, [&](const auto& row) { return row.second.size() == list.size(); });
  if (list.size() != kRulerTasks)
    table.remark = fmt::format("of {} of RULER's {} tasks", list.size(), kRulerTasks);
  if (!whole)
    table.remark += std::string(table.remark.empty() ? "" : "; ") + "not every task has every length";
  return table;
}

// The mean over needles of their best short length; which of the three there were.
struct Base {
  double score = 0;
  std::vector<std::uint32_t> lengths;
};

std::optional<Base> base_of(const std::map<std::uint32_t, Named>& units) {
  Base base;
  std::map<std::string, double> best;
  for (const std::uint32_t length : kBaseLengths) {
    const auto found = units.find(length);
    if (found == units.end()) continue;
    base.lengths.push_back(length);
    for (const auto& [needle, unit] : found->second)
      best[needle] = std::max(best[needle], 100 * unit.score / unit.count);
  }
  if (best.empty()) return {};
  for (const auto& [needle, score] : best) base.score += score / static_cast<double>(best.size());
  return base;
}

std::optional<LengthTable> nolima_table(const Answered& answered, const std::string& model,
                                        const Settings& settings) {
  const auto units = units_of(*answered.task, answered.items, true);
  if (units.size() < 2) return {};
  ByLength lengths;
  for (const auto& [length, list] : units) lengths[length] = {without_names(list)};
  LengthTable table = table_of("nolima", model, lengths, settings);
  table.tasks = {answered.task->name};
  if (const auto base = base_of(units)) {
    table.base = base->score;
    table.threshold = kNolimaPasses * base->score;
    if (base->lengths.size() < kBaseLengths.size())
      table.remark = fmt::format("base score of {} tokens alone, not of 250, 500 and 1,000",
                                 fmt::join(base->lengths, " and "));
  } else {
    table.remark = "no base score: it needs 250, 500 or 1,000 tokens";
  }
  mark_passing(table);
  return table;
}

}  // namespace

std::vector<LengthTable> length_tables(const std::vector<tasks::Task>& tasks,
                                       const std::vector<std::vector<Prediction>>& predictions,
                                       const std::string& model, const Settings& settings) {
  std::vector<LengthTable> tables;
  std::vector<Answered> ruler;
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    if (tasks[t].lengths == tasks::LengthRule::none) continue;
    Answered answered{&tasks[t], match(tasks[t], predictions[t])};
    if (tasks[t].lengths == tasks::LengthRule::ruler)
      ruler.push_back(std::move(answered));
    else if (auto table = nolima_table(answered, model, settings))
      tables.push_back(std::move(*table));
  }
  if (auto table = ruler_table(ruler, model, settings)) tables.push_back(std::move(*table));
  return tables;
}

}  // namespace film::scores
