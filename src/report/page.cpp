// The HTML page, section by section.
#include <fmt/format.h>

#include "agreement_table.h"
#include "design_table.h"
#include "figure_html.h"
#include "figures.h"
#include "html.h"
#include "length_tables.h"
#include "numbers.h"
#include "samples_html.h"
#include "series.h"
#include "style.h"
#include "summary_html.h"
#include "summary_table.h"

namespace film::report {
namespace {

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
  html += scores_sections(input, figures) + lengths_html(input) + ends_html(input) + pair_html(input) +
          design_html(input) + agreement_html(input) + samples_html(input) +
          figure_section("Training", figures.training, input.models.size()) +
          figure_section("Data", figures.data, input.models.size()) + origin_section(input);
  return html +
         "</main>\n<footer><p>One file, no scripts, nothing loaded from elsewhere. The files behind every "
         "figure are in it too, under <q>Numbers and files</q>.</p></footer>\n</body>\n</html>\n";
}

}  // namespace film::report
