#include "figures.h"
#include "film/base/error.h"
#include "film/report/report.h"
#include "standalone.h"

namespace film::report {
namespace {

void check_input(const ReportInput& input) {
  for (const Histogram& h : input.histograms)
    if (h.counts.empty() || h.edges.size() != h.counts.size() + 1 ||
        (!h.expected.empty() && h.expected.size() != h.counts.size()))
      throw internal_error("histogram " + h.name + ": edges and counts do not fit");
}

// A list that need not be there.
template <class Row>
std::vector<Row> list_of(const Json& json, const char* key, const std::string& where) {
  std::vector<Row> rows;
  if (!json.contains(key)) return rows;
  for (const Json& row : member<Json>(json, key, where)) rows.push_back(from_json<Row>(row, where));
  return rows;
}

}  // namespace

Json report_json(const ReportInput& input) {
  Json models = Json::array(), comparisons = Json::array();
  for (const ModelScores& model : input.models) models.push_back(to_json(model));
  for (const Comparison& comparison : input.comparisons) comparisons.push_back(to_json(comparison));
  Json json = {{"format", 1}, {"title", input.title}, {"models", models}, {"comparisons", comparisons}};
  for (const PairDifference& pair : input.pairs) json["pairs"].push_back(to_json(pair));
  for (const LengthTable& table : input.lengths) json["lengths"].push_back(to_json(table));
  for (const Agreement& agreement : input.agreements) json["agreements"].push_back(to_json(agreement));
  return json;
}

ReportInput scores_of(const Json& json, const std::string& where) {
  ReportInput input;
  input.title = member<std::string>(json, "title", where);
  for (const Json& model : member<Json>(json, "models", where))
    input.models.push_back(from_json<ModelScores>(model, where));
  for (const Json& comparison : member<Json>(json, "comparisons", where))
    input.comparisons.push_back(from_json<Comparison>(comparison, where));
  input.pairs = list_of<PairDifference>(json, "pairs", where);
  input.lengths = list_of<LengthTable>(json, "lengths", where);
  input.agreements = list_of<Agreement>(json, "agreements", where);
  return input;
}

std::vector<fs::path> write_report(const fs::path& folder, const ReportInput& input) {
  check_input(input);
  make_folder(folder / "figures");
  std::vector<fs::path> written;
  const auto put = [&](const fs::path& name, const std::string& content) {
    write_file(folder / name, content);
    written.push_back(name);
  };
  const Figures figures = draw_figures(input);
  for (const Figure* figure : figures.all()) {
    put("figures/" + figure->name + ".csv", figure->csv);
    put("figures/" + figure->name + ".svg", standalone(figure->svg, input.models.size()));
  }
  if (!input.models.empty()) {
    put("scores.json", to_pretty(report_json(input)));
    put("scores.tex", report_latex(input));
    if (!input.pairs.empty()) put("differences.tex", pairs_latex(input));
  }
  put("report.md", report_markdown(input));
  put("report.html", report_html(input));
  return written;
}

}  // namespace film::report
