#include "figures.h"
#include "film/base/error.h"
#include "film/report/report.h"
#include "style.h"

namespace film::report {
namespace {

// A figure on its own: the light colours and the page's figure classes inside.
std::string standalone(const std::string& svg) {
  const std::size_t inside = svg.find('\n') + 1;
  return svg.substr(0, inside) + "<style>svg{" + light_colours() + "background:#fdfdfb}\n" + figure_css() +
         "</style>\n" + svg.substr(inside);
}

void check_input(const ReportInput& input) {
  if (input.models.size() > 2)
    throw internal_error("a report of " + std::to_string(input.models.size()) +
                         " models; it shows one or two");
  for (const Histogram& h : input.histograms)
    if (h.counts.empty() || h.edges.size() != h.counts.size() + 1 ||
        (!h.expected.empty() && h.expected.size() != h.counts.size()))
      throw internal_error("histogram " + h.name + ": edges and counts do not fit");
}

}  // namespace

Json report_json(const ReportInput& input) {
  Json models = Json::array(), comparisons = Json::array();
  for (const ModelScores& model : input.models) {
    Json scores = Json::array();
    for (const Score& score : model.scores) scores.push_back(to_json(score));
    models.push_back({{"label", model.label}, {"description", model.description}, {"scores", scores}});
  }
  for (const Comparison& comparison : input.comparisons) comparisons.push_back(to_json(comparison));
  return {{"format", 1}, {"title", input.title}, {"models", models}, {"comparisons", comparisons}};
}

std::vector<fs::path> write_report(const fs::path& folder, const ReportInput& input) {
  check_input(input);
  make_folder(folder / "figures");
  std::vector<fs::path> written;
  const auto put = [&](const fs::path& name, const std::string& content) {
    write_file(folder / name, content);
    written.push_back(name);
  };
  for (const Figure& figure : all_figures(input)) {
    put("figures/" + figure.name + ".csv", figure.csv);
    put("figures/" + figure.name + ".svg", standalone(figure.svg));
  }
  if (!input.models.empty()) put("scores.json", to_pretty(report_json(input)));
  put("report.md", report_markdown(input));
  put("report.html", report_html(input));
  return written;
}

}  // namespace film::report
