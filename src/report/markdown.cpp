#include <fmt/format.h>

#include "agreement_table.h"
#include "answers_text.h"
#include "design_table.h"
#include "figures.h"
#include "film/base/strings.h"
#include "film/base/terminal.h"
#include "length_tables.h"
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

std::string row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

// A heading with its rule: `left` columns of text, then columns of numbers.
std::string heading(const std::vector<std::string>& columns, std::size_t left) {
  std::string rule = "|";
  for (std::size_t c = 0; c < columns.size(); ++c) rule += c < left ? "---|" : "---:|";
  return row(columns) + rule + "\n";
}

std::string overview_text(const ReportInput& input) {
  const Overview table = overview(input.models, input.comparisons);
  if (table.tasks.empty()) return "";
  std::vector<std::string> columns = {"task"};
  for (const std::string& label : table.models) columns.push_back(safe(label));
  std::string text = heading(columns, 1);
  for (std::size_t t = 0; t < table.tasks.size(); ++t) {
    std::vector<std::string> cells = {safe(table.tasks[t])};
    for (const Overview::Cell& c : table.cells[t])
      cells.push_back(c.value + (c.difference.empty() ? "" : "<br>" + c.difference + " " + safe(c.interval)));
    text += row(cells);
  }
  return text + "\n" + overview_explained(input.models) + "\n\n";
}

std::string terms_text(const std::vector<ModelScores>& models) {
  std::string text;
  for (const Term& term : terms(models))
    text += "- **" + safe(term.word) + "**: " + safe(term.meaning) + "\n";
  return text.empty() ? "" : text + "\n";
}

std::string summary(const ReportInput& input) {
  const auto groups = summary_groups(input.models, input.comparisons);
  if (groups.empty()) return "";
  const bool curves = has_curves(input.models);
  std::vector<std::string> columns = {"probe", "model", "n", "Avg", "95 %"};
  if (curves)
    columns.insert(columns.end(), {"Gap", "Gap by chance"});
  else
    columns.emplace_back("");
  std::string text = "## Scores\n\n" + overview_text(input) + heading(columns, 2);
  for (const SummaryGroup& group : groups) {
    std::string name = safe(group.task + " (" + join(group.about, ", ") + ")");
    for (const SummaryRow& r : group.rows) {
      std::vector<std::string> cells = {name, safe(r.name), r.count, r.value, r.interval};
      if (curves) cells.push_back(r.gap);
      cells.push_back(r.difference ? r.note : r.chance);
      text += row(cells);
      name = "";
    }
    for (const std::string& note : group.notes) text += row({"", safe(note), "", "", ""});
  }
  return text + "\n" + summary_explained(input.models) + "\n\n" + terms_text(input.models);
}

std::string text_table(const std::string& title, const TextTable& table) {
  if (table.rows.empty()) return "";
  std::string text = "## " + title + "\n\n" + (table.explained.empty() ? "" : table.explained + "\n\n") +
                     heading(table.columns, table.words);
  for (const std::vector<std::string>& cells : table.rows) {
    std::vector<std::string> shown;
    for (const std::string& cell : cells) shown.push_back(safe(cell));
    text += row(shown);
  }
  return text + "\n";
}

std::string samples_text(const std::vector<AnswerSample>& samples) {
  std::string text = samples.empty() ? "" : "## Answers\n\n";
  for (const AnswerSample& sample : samples)
    text += fmt::format("- {} {}, {}, score {}\n  - question: {}\n  - expected: {}\n  - got: {}{}\n",
                        safe(sample.prediction.task), safe(sample.prediction.id), safe(sample.model),
                        fixed(sample.prediction.score, 2), safe(sample.question),
                        safe(sample.prediction.expected), safe(sample.prediction.output),
                        sample.prediction.state ? " (" + state_text(*sample.prediction.state) + ")" : "");
  return text + (samples.empty() ? "" : "\n");
}

std::string fact_list(const Json& object, const std::string& indent) {
  std::string text;
  for (const auto& [key, value] : object.items()) {
    if (value.is_object() && !value.empty())
      text += indent + "- " + safe(key) + "\n" + fact_list(value, indent + "  ");
    else
      text += indent + "- " + safe(key) + ": " + safe(plain(value)) + "\n";
  }
  return text;
}

}  // namespace

std::string report_markdown(const ReportInput& input) {
  std::string text = "# " + safe(input.title) + "\n\n";
  const std::string subtitle = input.subtitle.empty() ? headline(input) : input.subtitle;
  if (!subtitle.empty()) text += safe(subtitle) + "\n\n";
  if (!input.date.empty()) text += safe(input.date) + "\n\n";
  for (const std::string& remark : input.remarks) text += "> " + safe(remark) + "\n\n";
  for (const ModelScores& model : input.models)
    text += "- **" + safe(model.label) + "**: " + safe(join(described(model), "; ")) + "\n";
  if (!input.models.empty()) text += "\n";
  text += summary(input);
  for (const NamedTable& named : length_tables(input)) text += text_table(named.heading, named.table);
  text += text_table("Ends and middle", ends_table(input)) +
          text_table("Which models differ", pair_table(input)) +
          text_table("Position, length and fillers", design_table(input)) +
          text_table("Judge and people", agreement_table(input)) +
          text_table("Verdicts of people and of the judge", confusion_table(input)) +
          samples_text(input.samples);
  const Figures figures = draw_figures(input);
  if (!figures.all().empty()) text += "## Figures\n\n";
  for (const Figure* f : figures.all())
    text += fmt::format("![{}](figures/{}.svg)\n\n{}{}([numbers](figures/{}.csv))\n\n", safe(f->heading),
                        f->name, safe(f->caption), f->caption.empty() ? "" : " ", f->name);
  if (!input.command.empty())
    text += "## Command\n\n```\n" + printable(on_one_line(input.command)) + "\n```\n\n";
  if (!input.provenance.empty()) text += "## Provenance\n\n" + fact_list(input.provenance, "");
  return text;
}

}  // namespace film::report
