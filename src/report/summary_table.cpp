#include "summary_table.h"

#include <algorithm>
#include <set>

#include "answers_text.h"
#include "figures.h"
#include "film/base/format.h"
#include "film/base/terminal.h"
#include "numbers.h"

namespace film::report {
namespace {

std::string chance_text(const Score& score) {
  const auto chance = score.notes.find("gap_by_chance");
  if (chance == score.notes.end() || !chance->is_object()) return "";
  return fixed(chance->value("mean", 0.0), 1);
}

SummaryRow score_row(const std::string& label, std::size_t model, const Score& s) {
  SummaryRow row;
  row.model = model;
  row.name = printable(label);
  row.count = grouped(s.count);
  row.value = fixed(s.average, 1);
  row.interval = interval_text(s.low, s.high);
  if (!s.curve) return row;
  row.gap = fixed(s.curve->gap, 1);
  row.chance = chance_text(s);
  row.curve = &*s.curve;
  return row;
}

SummaryRow difference_row(const Comparison& c) {
  SummaryRow row;
  row.difference = true;
  row.name = printable(c.after + " \u2212 " + c.before);
  row.count = grouped(c.count);
  row.value = signed_fixed(c.difference, 1);
  row.interval = interval_text(c.low, c.high);
  if (c.curve) row.gap = signed_fixed(c.curve->gap, 1);
  row.note = grouped(c.better) + " better, " + grouped(c.worse) + " worse";
  return row;
}

std::vector<std::string> about(const Score& score, const std::optional<double>& chance) {
  std::vector<std::string> words = {printable(score.metric)};
  if (!score.pattern.empty()) words.push_back(printable(direction_text(score.pattern)));
  if (chance) words.push_back("guessing scores " + fixed(*chance, 1));
  return words;
}

std::vector<std::string> notes_of(const std::vector<ModelScores>& models, const std::string& task) {
  std::vector<std::string> texts, notes;
  for (const ModelScores& model : models)
    if (const Score* score = find_score(model, task)) {
      texts.push_back(answers_text(*score));
      if (!texts.back().empty()) notes.push_back(printable(model.label) + ": " + texts.back());
    }
  const bool same =
      texts.size() > 1 && std::ranges::all_of(texts, [&](const auto& t) { return t == texts[0]; });
  if (!same) return notes;
  return texts[0].empty() ? notes : std::vector<std::string>{texts[0]};
}

ReportInput scores_only(const std::vector<ModelScores>& models, const std::vector<Comparison>& comparisons) {
  ReportInput input;
  input.models = models;
  input.comparisons = comparisons;
  return input;
}

Overview::Cell overview_cell(const ReportInput& input, const std::string& task, const ModelScores& model) {
  Overview::Cell cell;
  if (const Score* score = find_score(model, task)) cell.value = fixed(score->average, 1);
  for (const Comparison* c : comparisons_of(input, task))
    if (c->after == model.label) {
      cell.difference = signed_fixed(c->difference, 1);
      cell.interval = interval_text(c->low, c->high);
    }
  return cell;
}

// "12.1 before, 97.0 after"
std::string averages_of(const ReportInput& input, const std::string& task) {
  std::string text;
  for (const ModelScores& model : input.models)
    if (const Score* score = find_score(model, task))
      text += (text.empty() ? "" : ", ") + fixed(score->average, 1) + " " + model.label;
  return text;
}

}  // namespace

std::vector<SummaryGroup> summary_groups(const std::vector<ModelScores>& models,
                                         const std::vector<Comparison>& comparisons) {
  const ReportInput asked = scores_only(models, comparisons);
  std::vector<SummaryGroup> groups;
  for (const std::string& task : task_order(asked)) {
    SummaryGroup group;
    group.task = printable(task);
    for (std::size_t m = 0; m < models.size(); ++m) {
      const Score* score = find_score(models[m], task);
      if (score == nullptr) continue;
      group.about = about(*score, chance_of(asked, task));
      group.rows.push_back(score_row(models[m].label, m, *score));
    }
    group.notes = notes_of(models, task);
    for (const Comparison* c : comparisons_of(asked, task)) group.rows.push_back(difference_row(*c));
    groups.push_back(std::move(group));
  }
  return groups;
}

Overview overview(const std::vector<ModelScores>& models, const std::vector<Comparison>& comparisons) {
  Overview table;
  if (models.size() < kOverviewFrom) return table;
  const ReportInput input = scores_only(models, comparisons);
  for (const ModelScores& model : models) table.models.push_back(printable(model.label));
  for (const std::string& task : task_order(input)) {
    table.tasks.push_back(printable(task));
    std::vector<Overview::Cell> row;
    for (const ModelScores& model : models) row.push_back(overview_cell(input, task, model));
    table.cells.push_back(std::move(row));
  }
  return table;
}

bool has_curves(const std::vector<ModelScores>& models) {
  return std::any_of(models.begin(), models.end(), [](const ModelScores& model) {
    return std::any_of(model.scores.begin(), model.scores.end(),
                       [](const Score& score) { return score.curve.has_value(); });
  });
}

std::string headline(const ReportInput& input) {
  constexpr std::size_t kMostModels = 4;  // that one sentence can name
  if (input.models.size() < 2 || input.models.size() > kMostModels) return "";
  std::string clear, unclear;
  for (const std::string& task : task_order(input)) {
    const auto differences = comparisons_of(input, task);
    if (differences.empty()) continue;
    const bool none =
        std::ranges::all_of(differences, [](const Comparison* c) { return c->low <= 0 && c->high >= 0; });
    if (none)
      unclear += (unclear.empty() ? "no clear difference in " : ", ") + task;
    else
      clear += (clear.empty() ? "" : "; ") + task + ": " + averages_of(input, task);
  }
  if (clear.empty() && unclear.empty()) return "";
  std::string text = clear + (clear.empty() || unclear.empty() ? "" : "; ") + unclear + ".";
  if (clear.empty()) text[0] = 'N';
  return text;
}

std::string summary_explained(const std::vector<ModelScores>& models) {
  std::set<std::string> intervals;
  bool chance = false, plain_mean = false;
  for (const ModelScores& model : models)
    for (const Score& score : model.scores) {
      if (score.notes.contains("interval")) intervals.insert(plain(score.notes["interval"]));
      chance = chance || score.notes.contains("gap_by_chance");
      plain_mean = plain_mean || !score.curve;
    }
  std::string text;
  if (has_curves(models))
    text =
        "Avg: mean over position bins, 0 to 100. Gap: highest minus lowest bin mean; 0 would be a flat "
        "curve.";
  if (chance)
    text +=
        " Gap by chance: the mean gap when the same scores are dealt to the bins at random, so a gap near it "
        "says nothing about position.";
  if (plain_mean)
    text += text.empty() ? "Avg: mean over items, 0 to 100."
                         : " Tasks without positions: Avg is the mean over items.";
  if (!intervals.empty()) {
    std::string names;
    for (const std::string& name : intervals) names += (names.empty() ? "" : " or ") + name;
    text += " In brackets: 95 % intervals (" + names + ").";
  }
  return text;
}

std::string overview_explained(const std::vector<ModelScores>& models) {
  return "Averages, 0 to 100; below them the paired difference from " + printable(models.front().label) +
         " on the same questions, with its 95 % interval.";
}

}  // namespace film::report
