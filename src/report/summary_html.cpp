#include "summary_html.h"

#include "figures.h"
#include "film/base/strings.h"
#include "html.h"
#include "numbers.h"
#include "summary_table.h"

namespace film::report {
namespace {

std::string cell(const std::string& label, const std::string& value, const std::string& css = "") {
  return "<td" + (css.empty() ? "" : " class=\"" + css + "\"") +
         (value.empty() ? "" : " data-label=\"" + label + "\"") + ">" +
         (value.empty() ? "" : "<span>" + escaped(value) + "</span>") + "</td>";
}

// All curves of a group in one box, in the first row: in boxes of their own they cannot be compared.
std::string curves_cell(const SummaryGroup& group) {
  std::vector<InlineCurve> curves;
  std::size_t rows = 0;
  for (const SummaryRow& row : group.rows) {
    if (row.curve != nullptr) curves.push_back({row.curve, row.model});
    rows += row.difference ? 0 : 1;
  }
  return curves.empty() ? ""
                        : "<td class=\"curves\" rowspan=\"" + std::to_string(rows) + "\">" +
                              inline_curves(curves) + "</td>";
}

// `curves`: the cell that the group's models share; nothing in all rows but the first.
std::string summary_row(const SummaryRow& row, bool positions, bool in_box, const std::string& curves) {
  std::string html = row.difference ? "<tr class=\"delta\">" : "<tr>";
  html += "<th scope=\"row\" class=\"model\">" + escaped(row.name) + "</th>";
  html += cell("n", row.count) + cell(row.difference ? "Change" : "Avg", row.value, "value");
  html += cell("95 %", row.interval, "ci");
  if (positions)
    html += cell(row.difference ? "Gap change" : "Gap", row.gap) + cell("Gap by chance", row.chance, "inner");
  html += curves;
  if (row.difference || !in_box) html += "<td class=\"wide\">" + escaped(row.note) + "</td>";
  return html + "</tr>\n";
}

std::string note_row(const std::string& note, std::size_t columns) {
  return "<tr class=\"answers\"><td colspan=\"" + std::to_string(columns) + "\">" + escaped(note) +
         "</td></tr>\n";
}

std::string terms_html(const std::vector<ModelScores>& models) {
  std::string html;
  for (const Term& term : terms(models)) html += tag("dt", term.word) + tag("dd", term.meaning) + "\n";
  return html.empty() ? "" : "<dl class=\"facts terms\">\n" + html + "</dl>\n";
}

std::string column_heads(const std::vector<std::string>& names) {
  std::string html = "<thead><tr>";
  for (const std::string& name : names) html += "<th scope=\"col\">" + escaped(name) + "</th>";
  return html + "</tr></thead>\n";
}

std::string rows_of_scores(const ReportInput& input) {
  const bool curves = has_curves(input.models);
  std::vector<std::string> columns = {"Probe", "n", "Avg", "95 %"};
  if (curves)
    columns.insert(columns.end(), {"Gap", "Gap by chance", "By position, 0 to 100"});
  else
    columns.emplace_back("");
  std::string html = "<div class=\"scroll\"><table class=\"summary\">\n" + column_heads(columns);
  for (const SummaryGroup& group : summary_groups(input.models, input.comparisons)) {
    html += "<tbody>\n<tr class=\"probe\"><th scope=\"rowgroup\" colspan=\"" +
            std::to_string(columns.size()) + "\">" + escaped(group.task) + " " +
            tag("span", join(group.about, ", ")) + "</th></tr>\n";
    const std::string box = curves_cell(group);
    for (const SummaryRow& row : group.rows)
      html += summary_row(row, curves, !box.empty(), &row == &group.rows.front() ? box : "");
    for (const std::string& note : group.notes) html += note_row(note, columns.size());
    html += "</tbody>\n";
  }
  return html + "</table></div>\n" + tag("p", summary_explained(input.models), "explain") + "\n" +
         terms_html(input.models);
}

std::string overview_html(const ReportInput& input) {
  const Overview table = overview(input.models, input.comparisons);
  if (table.tasks.empty()) return "";
  std::vector<std::string> columns = {"Task"};
  columns.insert(columns.end(), table.models.begin(), table.models.end());
  std::string html =
      "<div class=\"scroll\"><table class=\"overview\">\n" + column_heads(columns) + "<tbody>\n";
  for (std::size_t t = 0; t < table.tasks.size(); ++t) {
    html += "<tr><th scope=\"row\">" + escaped(table.tasks[t]) + "</th>";
    for (const Overview::Cell& c : table.cells[t])
      html +=
          "<td><b>" + escaped(c.value) + "</b>" +
          (c.difference.empty() ? "" : "<br/>" + tag("span", c.difference) + " " + tag("span", c.interval)) +
          "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n" + tag("p", overview_explained(input.models), "explain") + "\n";
}

}  // namespace

std::string summary_html(const ReportInput& input) { return overview_html(input) + rows_of_scores(input); }

}  // namespace film::report
