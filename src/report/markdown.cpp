#include <fmt/format.h>

#include "figures.h"
#include "numbers.h"
#include "summary_table.h"

namespace film::report {
namespace {

// Text inside a table cell or a paragraph, with nothing that Markdown or HTML would take for markup.
std::string safe(const std::string& text) {
  std::string result;
  for (const char c : printable(text)) {
    if (c == '\n')
      result += ' ';
    else if (c == '<' || c == '&')
      result += c == '<' ? "&lt;" : "&amp;";
    else if (std::string_view("\\`*_{}[]>#|").find(c) != std::string_view::npos)
      (result += '\\') += c;
    else
      result += c;
  }
  return result;
}

std::string row(std::initializer_list<std::string> cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

std::string summary(const ReportInput& input) {
  const auto groups = summary_groups(input.models, input.comparisons);
  if (groups.empty()) return "";
  std::string text = "## Scores\n\n" + row({"probe", "model", "n", "Avg", "95 %", "Gap", "Gap by chance"}) +
                     "|---|---|---:|---:|---:|---:|---:|\n";
  for (const SummaryGroup& group : groups) {
    std::string name = safe(group.task + " (" + group.metric +
                            (group.direction.empty() ? "" : ", " + group.direction) + ")");
    for (const SummaryRow& r : group.rows) {
      text +=
          row({name, safe(r.name), r.count, r.value, r.interval, r.gap, r.difference ? r.note : r.chance});
      name = "";
    }
  }
  return text + "\n" + summary_explained(input.models) + "\n\n";
}

std::string facts(const Json& object, const std::string& indent) {
  std::string text;
  for (const auto& [key, value] : object.items()) {
    if (value.is_object() && !value.empty())
      text += indent + "- " + safe(key) + "\n" + facts(value, indent + "  ");
    else
      text += indent + "- " + safe(key) + ": " + safe(plain(value)) + "\n";
  }
  return text;
}

}  // namespace

std::string report_markdown(const ReportInput& input) {
  std::string text = "# " + safe(input.title) + "\n\n";
  if (!input.subtitle.empty()) text += safe(input.subtitle) + "\n\n";
  if (!input.date.empty()) text += safe(input.date) + "\n\n";
  for (const std::string& remark : input.remarks) text += "> " + safe(remark) + "\n\n";
  for (const ModelScores& model : input.models)
    text += "- **" + safe(model.label) + "**: " + safe(model.description) + "\n";
  if (!input.models.empty()) text += "\n";
  text += summary(input);
  const std::vector<Figure> figures = all_figures(input);
  if (!figures.empty()) text += "## Figures\n\n";
  for (const Figure& f : figures)
    text += fmt::format("![{}](figures/{}.svg)\n\n{}{}([numbers](figures/{}.csv))\n\n", safe(f.heading),
                        f.name, safe(f.caption), f.caption.empty() ? "" : " ", f.name);
  if (!input.provenance.empty()) text += "## Provenance\n\n" + facts(input.provenance, "");
  return text;
}

}  // namespace film::report
