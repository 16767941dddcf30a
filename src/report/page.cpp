// The HTML page, section by section.
#include <fmt/format.h>

#include "figures.h"
#include "film/base/csv.h"
#include "html.h"
#include "numbers.h"
#include "series.h"
#include "style.h"
#include "summary_html.h"

namespace film::report {
namespace {

// The data behind a figure as a table, cut from its CSV so that both always agree.
std::string data_table(const Figure& figure) {
  constexpr std::size_t kMostRows = 60;
  const std::string name = escaped(figure.name);
  std::string html = "<p><a href=\"figures/" + name + ".csv\">" + name + ".csv</a> · <a href=\"figures/" +
                     name + ".svg\">.svg</a></p>\n<div class=\"scroll\"><table>";
  std::size_t rows = 0, begin = 0;
  while (begin < figure.csv.size() && rows <= kMostRows) {
    const std::size_t end = figure.csv.find('\n', begin);
    std::vector<std::string> cells = csv_cells(figure.csv.substr(begin, end - begin));
    for (std::string& cell : cells) cell = short_number(cell);
    html +=
        rows == 0 ? "<thead>" + table_row(cells, true) + "</thead>\n<tbody>" : table_row(cells, false) + "\n";
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

std::string model_key(const ReportInput& input) {
  std::string html = "<div class=\"key\">\n";
  for (std::size_t m = 0; m < input.models.size(); ++m)
    html += fmt::format(
        "<svg viewBox=\"0 0 40 14\" aria-hidden=\"true\"><line class=\"curve {}\" x1=\"1\" y1=\"7\" "
        "x2=\"39\" y2=\"7\"/></svg><div><b>{}</b> <span>{}</span></div>\n",
        series(m), escaped(input.models[m].label), escaped(input.models[m].description));
  return html + "</div>\n";
}

std::string curves_explained(const ReportInput& input) {
  std::string text =
      "<h2>Score by position of the evidence</h2>\n<p>Each point is the mean score of the questions whose "
      "evidence is in that part of the context (0 % is its start).";
  text += input.models.size() <= kMostBands ? " Bands are 95 % intervals."
                                            : " The 95 % intervals are in the tables below the figures.";
  if (!input.comparisons.empty())
    text += " Below each panel: the difference on the same questions, with its 95 % interval.";
  return text + "</p>\n";
}

std::string scores_sections(const ReportInput& input, const Figures& figures) {
  if (task_order(input).empty()) return "";
  std::string html = "<h2>Scores</h2>\n" + model_key(input) + summary_html(input);
  std::string curves;
  for (const PositionFigures& pair : figures.positions)
    curves += figure_html(pair.scores, pair.difference ? &*pair.difference : nullptr);
  if (figures.averages) html += panels(figure_html(*figures.averages));
  return curves.empty() ? html : html + curves_explained(input) + panels(curves);
}

std::string figure_section(const std::string& heading, const std::vector<Figure>& figures) {
  if (figures.empty()) return "";
  std::string html;
  for (const Figure& figure : figures) html += figure_html(figure);
  return tag("h2", heading) + "\n" + panels(html);
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
  std::string html = page_head(input.title, page_css(input.models.size()), input.subtitle, input.date);
  if (!input.remarks.empty()) {
    html += "<aside class=\"remarks\">\n";
    for (const std::string& remark : input.remarks) html += tag("p", remark) + "\n";
    html += "</aside>\n";
  }
  const Figures figures = draw_figures(input);
  html += scores_sections(input, figures) + figure_section("Training", figures.training) +
          figure_section("Data", figures.data);
  const std::string provenance = facts(input.provenance) + notes_of_scores(input);
  if (!provenance.empty()) html += "<h2>Provenance</h2>\n" + provenance;
  return html +
         "</main>\n<footer><p>One file, no scripts, nothing loaded from elsewhere. The numbers behind every "
         "figure are in the folder <code>figures</code> beside this page.</p></footer>\n</body>\n</html>\n";
}

}  // namespace film::report
