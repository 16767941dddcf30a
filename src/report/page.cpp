// The HTML page, section by section.
#include <fmt/format.h>

#include "data_uri.h"
#include "design_table.h"
#include "figures.h"
#include "film/base/csv.h"
#include "html.h"
#include "numbers.h"
#include "samples_html.h"
#include "series.h"
#include "standalone.h"
#include "style.h"
#include "summary_html.h"
#include "summary_table.h"

namespace film::report {
namespace {

// A link to a file that is inside the page.
std::string download(const std::string& name, const std::string& type, const std::string& content) {
  return "<a download=\"" + escaped(name) + "\" href=\"" + data_uri(type, content) + "\">" + escaped(name) +
         "</a>";
}

// The data behind a figure as a table, cut from its CSV so that both always agree.
std::string data_table(const Figure& figure, std::size_t models) {
  constexpr std::size_t kMostRows = 60;
  std::string html = "<p>" + download(figure.name + ".csv", "text/csv", figure.csv) + " · " +
                     download(figure.name + ".svg", "image/svg+xml", standalone(figure.svg, models)) +
                     "</p>\n<div class=\"scroll\"><table>";
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

std::string figure_html(const Figure& figure, std::size_t models, const Figure* below = nullptr) {
  std::string html = "<figure>\n<div class=\"head\">" + tag("h3", figure.heading);
  if (!figure.badge.empty()) html += tag("span", figure.badge, "badge");
  html += "</div>\n" + figure.svg;
  if (below != nullptr) html += below->svg;
  if (!figure.caption.empty()) html += tag("figcaption", figure.caption) + "\n";
  html += "<details><summary>Numbers and files</summary>\n" + data_table(figure, models);
  if (below != nullptr) html += data_table(*below, models);
  return html + "</details>\n</figure>\n";
}

std::string model_key(const ReportInput& input) {
  std::string html = "<div class=\"key\">\n";
  for (std::size_t m = 0; m < input.models.size(); ++m) {
    const ModelScores& model = input.models[m];
    html += fmt::format(
        "<svg viewBox=\"0 0 40 14\" aria-hidden=\"true\"><line class=\"curve {}\" x1=\"1\" y1=\"7\" "
        "x2=\"39\" y2=\"7\"/></svg><div><b>{}</b>",
        series(m), escaped(model.label));
    for (const std::string& part : described(model)) html += " " + tag("span", part);
    html += "</div>\n";
  }
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

std::string figure_section(const std::string& heading, const std::vector<Figure>& figures,
                           std::size_t models) {
  if (figures.empty()) return "";
  std::string html;
  for (const Figure& figure : figures) html += figure_html(figure, models);
  return tag("h2", heading) + "\n" + panels(html, "panels small");
}

// The curves come first: they are what the probing is for.
std::string scores_sections(const ReportInput& input, const Figures& figures) {
  if (task_order(input).empty()) return "";
  std::string html = model_key(input), curves;
  for (const PositionFigures& pair : figures.positions)
    curves += figure_html(pair.scores, input.models.size(), pair.difference ? &*pair.difference : nullptr);
  if (!curves.empty()) html += curves_explained(input) + panels(curves);
  html += "<h2>Scores</h2>\n" + summary_html(input);
  if (figures.averages) html += panels(figure_html(*figures.averages, input.models.size()));
  return html +
         figure_section("Score by position and length of the context", figures.lengths, input.models.size());
}

std::string notes_of_scores(const ReportInput& input) {
  Json notes = Json::object();
  for (const ModelScores& model : input.models)
    for (const Score& score : model.scores)
      if (!score.notes.empty()) notes[score.task + ", " + model.label] = score.notes;
  return notes.empty() ? ""
                       : "<details><summary>Notes of the probes</summary>\n" + facts(notes) + "</details>\n";
}

// How the report was made.
std::string origin_section(const ReportInput& input) {
  std::string html;
  if (!input.command.empty()) html += "<pre>" + escaped(input.command) + "</pre>\n";
  html += facts(input.provenance) + notes_of_scores(input);
  return html.empty() ? "" : "<h2>Provenance</h2>\n" + html;
}

}  // namespace

std::string report_html(const ReportInput& input) {
  std::string html = page_head(input.title, page_css(input.models.size()),
                               input.subtitle.empty() ? headline(input) : input.subtitle, input.date);
  if (!input.remarks.empty()) {
    html += "<aside class=\"remarks\">\n";
    for (const std::string& remark : input.remarks) html += tag("p", remark) + "\n";
    html += "</aside>\n";
  }
  const Figures figures = draw_figures(input);
  html += scores_sections(input, figures) + ends_html(input) + pair_html(input) + design_html(input) +
          samples_html(input) + figure_section("Training", figures.training, input.models.size()) +
          figure_section("Data", figures.data, input.models.size()) + origin_section(input);
  return html +
         "</main>\n<footer><p>One file, no scripts, nothing loaded from elsewhere. The files behind every "
         "figure are in it too, under <q>Numbers and files</q>.</p></footer>\n</body>\n</html>\n";
}

}  // namespace film::report
