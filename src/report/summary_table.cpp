#include "summary_table.h"

#include <set>

#include "figures.h"
#include "film/base/progress.h"
#include "numbers.h"

namespace film::report {
namespace {

std::string chance_text(const Score& score) {
  const auto chance = score.notes.find("gap_by_chance");
  if (chance == score.notes.end() || !chance->is_object()) return "";
  return fixed(chance->value("mean", 0.0), 1);
}

SummaryRow score_row(const std::string& label, int model, const Score& s) {
  return {false,
          model,
          printable(label),
          grouped(s.count),
          fixed(s.average, 1),
          interval_text(s.low, s.high),
          fixed(s.gap, 1),
          chance_text(s),
          "",
          &s};
}

SummaryRow difference_row(const Comparison& c) {
  SummaryRow row;
  row.difference = true;
  row.name = printable(c.after + " \u2212 " + c.before);
  row.count = grouped(c.count);
  row.value = signed_fixed(c.difference, 1);
  row.interval = interval_text(c.low, c.high);
  row.gap = signed_fixed(c.gap_difference, 1);
  row.note = grouped(c.better) + " better, " + grouped(c.worse) + " worse";
  return row;
}

const Comparison* comparison_of(const std::vector<Comparison>& comparisons, const std::string& task) {
  for (const Comparison& c : comparisons)
    if (c.task == task) return &c;
  return nullptr;
}

}  // namespace

std::vector<SummaryGroup> summary_groups(const std::vector<ModelScores>& models,
                                         const std::vector<Comparison>& comparisons) {
  ReportInput input;
  input.models = models;
  std::vector<SummaryGroup> groups;
  for (const std::string& task : task_order(input)) {
    SummaryGroup group;
    group.task = printable(task);
    for (std::size_t m = 0; m < models.size(); ++m) {
      const Score* score = find_score(models[m], task);
      if (score == nullptr) continue;
      group.metric = printable(score->metric);
      group.direction = printable(direction_text(score->pattern));
      group.rows.push_back(score_row(models[m].label, static_cast<int>(m), *score));
    }
    if (const Comparison* c = comparison_of(comparisons, task)) group.rows.push_back(difference_row(*c));
    groups.push_back(std::move(group));
  }
  return groups;
}

std::string summary_explained(const std::vector<ModelScores>& models) {
  std::set<std::string> intervals;
  bool chance = false;
  for (const ModelScores& model : models)
    for (const Score& score : model.scores) {
      if (score.notes.contains("interval")) intervals.insert(plain(score.notes["interval"]));
      chance = chance || score.notes.contains("gap_by_chance");
    }
  std::string text =
      "Avg: mean over position bins, 0 to 100. Gap: highest minus lowest bin mean; 0 would be a flat curve.";
  if (chance)
    text +=
        " Gap by chance: the mean gap when the same scores are dealt to the bins at random, so a gap near it "
        "says "
        "nothing about position.";
  if (!intervals.empty()) {
    std::string names;
    for (const std::string& name : intervals) names += (names.empty() ? "" : " or ") + name;
    text += " In brackets: 95 % intervals (" + names + ").";
  }
  return text;
}

}  // namespace film::report
