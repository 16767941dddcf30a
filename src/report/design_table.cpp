#include "design_table.h"

#include <fmt/format.h>

#include "figures.h"
#include "film/base/format.h"
#include "html.h"
#include "numbers.h"

namespace film::report {
namespace {

std::string with_interval(double value, double low, double high) {
  return signed_fixed(value, 1) + " " + interval_text(low, high);
}

// Means by depth: "62 · 48 · 47 · 55 · 70".
std::string curve_text(const std::vector<PositionScore>& positions) {
  std::string text;
  for (const PositionScore& position : positions)
    text += (text.empty() ? "" : " · ") + (position.count > 0 ? fixed(position.mean, 0) : "–");
  return text;
}

std::vector<std::string> row_of(const Score& score, const ModelScores& model, const DesignCell& cell) {
  std::vector<std::string> row = {score.task,           model.label,
                                  name_of(cell.filler), curve_text(cell.positions),
                                  grouped(cell.tokens), grouped(cell.items)};
  if (!cell.within) {
    row.insert(row.end(), {"", "", "", ""});
    return row;
  }
  const WithinItem& within = *cell.within;
  row.push_back(with_interval(within.difference, within.low, within.high));
  row.push_back(with_interval(within.first, within.first_low, within.first_high));
  row.push_back(with_interval(within.last, within.last_low, within.last_high));
  const bool flat = within.verdict.starts_with("flat");
  row.push_back(within.verdict +
                (flat ? "" : "; " + grouped(within.items_needed) + " questions would show flat"));
  return row;
}

}  // namespace

TextTable design_table(const ReportInput& input) {
  TextTable table;
  table.words = 4;
  table.columns = {"probe",     "model",         "fillers",        "score by depth", "tokens",
                   "questions", "ends − middle", "first − middle", "last − middle",  "verdict"};
  for (const ModelScores& model : input.models)
    for (const Score& score : model.scores) {
      if (!score.cells) continue;
      for (const DesignCell& cell : *score.cells) table.rows.push_back(row_of(score, model, cell));
    }
  table.explained =
      "Every question is asked at every depth of every context, between the same fillers: differences are of "
      "questions "
      "with themselves, with their 95 % intervals, in points. A curve is flat when the 90 % intervals of "
      "both ends lie "
      "within flat_within points of the middle; behind the verdict is how many questions would show that "
      "with a "
      "probability of 80 % if it is true.";
  return table;
}

TextTable ends_table(const ReportInput& input) {
  TextTable table;
  table.words = 3;
  table.columns = {"probe", "model", "verdict", "ends", "middle", "ends − middle"};
  for (const std::string& task : task_order(input))
    for (const ModelScores& model : input.models) {
      const Score* score = find_score(model, task);
      if (score == nullptr || !score->notes.contains("ends")) continue;
      const Json& ends = score->notes["ends"];
      const auto number = [&](const char* key) { return ends.value(key, 0.0); };
      table.rows.push_back({task, model.label, ends.value("verdict", ""), fixed(number("ends"), 1),
                            fixed(number("middle"), 1),
                            with_interval(number("difference"), number("low"), number("high"))});
    }
  table.explained =
      "Ends: mean of the first and the last position bin; middle: mean of the bins in the middle half of the "
      "context; in points, with the 95 % interval of the difference. Questions about one context count as "
      "one "
      "unit. A curve is flat when the 90 % interval lies within flat_within points, and a U when the 95 % "
      "interval lies above 0.";
  return table;
}

TextTable pair_table(const ReportInput& input) {
  TextTable table;
  table.words = 2;
  table.columns = {"probe", "models", "questions", "contexts", "difference", "p", "p corrected", ""};
  if (input.pairs.size() > 1)
    for (const PairDifference& pair : input.pairs)
      table.rows.push_back({pair.task, pair.second + " − " + pair.first, grouped(pair.count),
                            grouped(pair.contexts), with_interval(pair.difference, pair.low, pair.high),
                            fixed(pair.p, 4), fixed(pair.corrected, 4), pair.is_real() ? "differs" : ""});
  table.explained =
      "Plain means over the questions that both models answered. Questions about one context count as one "
      "unit: the "
      "interval (95 %, paired bootstrap) resamples contexts, p is of a permutation of signs, corrected over "
      "all rows by "
      "Holm's rule.";
  return table;
}

std::string design_html(const ReportInput& input) {
  return table_html("Position, length and fillers", design_table(input));
}

std::string ends_html(const ReportInput& input) { return table_html("Ends and middle", ends_table(input)); }

std::string pair_html(const ReportInput& input) {
  return table_html("Which models differ", pair_table(input));
}

}  // namespace film::report
