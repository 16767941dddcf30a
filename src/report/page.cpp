// The HTML page, section by section.
#include <fmt/format.h>

#include "figures.h"
#include "film/base/progress.h"
#include "numbers.h"
#include "style.h"
#include "summary_table.h"

namespace film::report {
namespace {

std::string tag(const std::string& name, const std::string& text, const std::string& css = "") {
  return "<" + name + (css.empty() ? "" : " class=\"" + css + "\"") + ">" + escaped(text) + "</" + name + ">";
}

std::string head(const ReportInput& input) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n" +
      tag("title", input.title) + "\n<style>\n" + page_css() + "</style>\n</head>\n<body>\n";
  html +=
      "<header class=\"top\">\n" + tag("p", "film report", "eyebrow") + "\n" + tag("h1", input.title) + "\n";
  if (!input.subtitle.empty()) html += tag("p", input.subtitle, "subtitle") + "\n";
  if (!input.date.empty()) html += tag("p", input.date, "meta") + "\n";
  return html + "</header>\n<main>\n";
}

// The data behind a figure as a table, cut from its CSV so that both always agree.
std::string data_table(const Figure& figure) {
  constexpr std::size_t kMostRows = 60;
  const std::string name = escaped(figure.name);
  std::string html = "<p><a href=\"figures/" + name + ".csv\">" + name + ".csv</a> · <a href=\"figures/" +
                     name + ".svg\">.svg</a></p>\n<div class=\"scroll\"><table>";
  std::size_t rows = 0, begin = 0;
  while (begin < figure.csv.size() && rows <= kMostRows) {
    const std::size_t end = figure.csv.find('\n', begin);
    html += rows == 0 ? "<thead><tr>" : "<tr>";
    for (const std::string& field : csv_fields(figure.csv.substr(begin, end - begin)))
      html += tag(rows == 0 ? "th" : "td", short_number(field));
    html += rows == 0 ? "</tr></thead>\n<tbody>" : "</tr>\n";
    begin = end + 1;
    ++rows;
  }
  html += "</tbody></table></div>\n";
  return begin < figure.csv.size() ? html + "<p>The rest is in the CSV file.</p>\n" : html;
}

std::string figure_html(const Figure& figure, const Figure* below = nullptr) {
  std::string html = "<figure>\n<div class=\"head\">" + tag("h3", figure.heading);
  if (!figure.badge.empty()) html += tag("span", figure.badge, "badge");
  html += "</div>\n" + figure.svg;
  if (below != nullptr) html += below->svg;
  if (!figure.caption.empty()) html += tag("figcaption", figure.caption) + "\n";
  html += "<details><summary>Numbers and files</summary>\n" + data_table(figure);
  if (below != nullptr) html += data_table(*below);
  return html + "</details>\n</figure>\n";
}

std::string panels(const std::string& content) { return "<div class=\"panels\">\n" + content + "</div>\n"; }

std::string model_key(const ReportInput& input) {
  std::string html = "<div class=\"key\">\n";
  for (std::size_t m = 0; m < input.models.size(); ++m) {
    const std::string series = m == 0 ? "s0" : "s1";
    html += fmt::format(
        "<svg viewBox=\"0 0 40 14\" aria-hidden=\"true\"><line class=\"curve {}\" x1=\"1\" y1=\"7\" "
        "x2=\"39\" y2=\"7\"/></svg><div><b>{}</b> <span>{}</span></div>\n",
        series, escaped(input.models[m].label), escaped(input.models[m].description));
  }
  return html + "</div>\n";
}

std::string cell(const std::string& label, const std::string& value, const std::string& css = "") {
  return "<td" + (css.empty() ? "" : " class=\"" + css + "\"") +
         (value.empty() ? "" : " data-label=\"" + label + "\"") + ">" +
         (value.empty() ? "" : "<span>" + escaped(value) + "</span>") + "</td>";
}

std::string summary_row(const SummaryRow& row) {
  std::string html = row.difference ? "<tr class=\"delta\">" : "<tr>";
  html += "<th scope=\"row\" class=\"model\">" + escaped(row.name) + "</th>";
  html += cell("n", row.count) + cell(row.difference ? "Change" : "Avg", row.value, "value");
  html += cell("95 %", row.interval, "ci") + cell(row.difference ? "Gap change" : "Gap", row.gap);
  html += cell("Gap by chance", row.chance);
  if (row.score != nullptr)
    html += "<td class=\"curves\">" + inline_curve(*row.score, row.model) + "</td>";
  else
    html += "<td class=\"wide\">" + escaped(row.note) + "</td>";
  return html + "</tr>\n";
}

std::string summary_table(const ReportInput& input) {
  std::string html = "<div class=\"scroll\"><table class=\"summary\">\n<thead><tr>";
  for (const char* name : {"Probe", "n", "Avg", "95 %", "Gap", "Gap by chance", "By position"})
    html += std::string("<th scope=\"col\">") + name + "</th>";
  html += "</tr></thead>\n";
  for (const SummaryGroup& group : summary_groups(input.models, input.comparisons)) {
    const std::string kind = group.metric + (group.direction.empty() ? "" : ", " + group.direction);
    html += "<tbody>\n<tr class=\"probe\"><th scope=\"rowgroup\" colspan=\"7\">" + escaped(group.task) + " " +
            tag("span", kind) + "</th></tr>\n";
    for (const SummaryRow& row : group.rows) html += summary_row(row);
    html += "</tbody>\n";
  }
  return html + "</table></div>\n" + tag("p", summary_explained(input.models), "explain") + "\n";
}

std::string scores_sections(const ReportInput& input) {
  if (task_order(input).empty()) return "";
  std::string html = "<h2>Scores</h2>\n" + model_key(input) + summary_table(input);
  std::string figures;
  for (const std::string& task : task_order(input)) {
    const PositionFigures pair = position_figures(input, task);
    figures += figure_html(pair.scores, pair.difference ? &*pair.difference : nullptr);
  }
  html +=
      "<h2>Score by position of the evidence</h2>\n<p>Each point is the mean score of the questions whose "
      "evidence "
      "stands in that part of the context (0 % is its start). Bands are 95 % intervals.";
  if (!input.comparisons.empty())
    html += " Below each panel: the difference on the same questions, with its 95 % interval.";
  return html + "</p>\n" + panels(figures);
}

std::string figure_section(const std::string& heading, const std::vector<Figure>& figures) {
  if (figures.empty()) return "";
  std::string html;
  for (const Figure& figure : figures) html += figure_html(figure);
  return tag("h2", heading) + "\n" + panels(html);
}

// Objects become nested lists, a list of plain values one line.
std::string facts(const Json& object) {
  std::string rows, groups;
  for (const auto& [key, value] : object.items()) {
    if (value.is_object() && !value.empty())
      groups += "<details><summary>" + escaped(key) + "</summary>\n" + facts(value) + "</details>\n";
    else
      rows += tag("dt", key) + tag("dd", plain(value)) + "\n";
  }
  return (rows.empty() ? "" : "<dl class=\"facts\">\n" + rows + "</dl>\n") + groups;
}

std::string notes_of_scores(const ReportInput& input) {
  Json notes = Json::object();
  for (const ModelScores& model : input.models)
    for (const Score& score : model.scores)
      if (!score.notes.empty()) notes[score.task + ", " + model.label] = score.notes;
  return notes.empty() ? ""
                       : "<details><summary>Notes of the probes</summary>\n" + facts(notes) + "</details>\n";
}

}  // namespace

std::string report_html(const ReportInput& input) {
  std::string html = head(input);
  if (!input.remarks.empty()) {
    html += "<aside class=\"remarks\">\n";
    for (const std::string& remark : input.remarks) html += tag("p", remark) + "\n";
    html += "</aside>\n";
  }
  html += scores_sections(input) + figure_section("Training", training_figures(input.training));
  std::vector<Figure> histograms;
  for (const Histogram& histogram : input.histograms) histograms.push_back(histogram_figure(histogram));
  html += figure_section("Data", histograms);
  const std::string provenance = facts(input.provenance) + notes_of_scores(input);
  if (!provenance.empty()) html += "<h2>Provenance</h2>\n" + provenance;
  return html +
         "</main>\n<footer><p>One file, no scripts, nothing loaded from elsewhere. The numbers behind every "
         "figure are in the folder <code>figures</code> beside this page.</p></footer>\n</body>\n</html>\n";
}

}  // namespace film::report
