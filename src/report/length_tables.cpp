#include "length_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "film/base/format.h"
#include "numbers.h"

namespace film::report {
namespace {

std::string effective_text(const LengthTable& table) {
  if (!table.threshold) return "–";
  return table.effective > 0 ? grouped(table.effective) : "under " + grouped(table.rows.front().tokens);
}

// The mean with its interval; a mark where the length passes.
std::string cell_text(const LengthTable& table, std::uint32_t tokens) {
  const auto row = std::ranges::find(table.rows, tokens, &LengthRow::tokens);
  if (row == table.rows.end()) return "";
  return fixed(row->mean, 1) + (row->passes ? " ✓ " : " ") + interval_text(row->low, row->high);
}

std::string or_none(const std::optional<double>& value) { return value ? fixed(*value, 1) : "–"; }

TextTable table_of(const std::vector<const LengthTable*>& tables, bool nolima) {
  std::set<std::uint32_t> lengths;
  for (const LengthTable* table : tables)
    for (const LengthRow& row : table->rows) lengths.insert(row.tokens);
  TextTable text;
  text.words = 1;
  text.columns = {"model", "effective length"};
  if (nolima)
    text.columns.insert(text.columns.end(), {"base score", "threshold"});
  else
    text.columns.insert(text.columns.end(), {"mean", "towards longer", "towards shorter"});
  for (const std::uint32_t tokens : lengths) text.columns.push_back(grouped(tokens));
  text.columns.emplace_back("");
  for (const LengthTable* table : tables) {
    std::vector<std::string> row = {table->model, effective_text(*table)};
    if (nolima)
      row.insert(row.end(), {or_none(table->base), or_none(table->threshold)});
    else
      row.insert(row.end(), {or_none(table->average), or_none(table->longer), or_none(table->shorter)});
    for (const std::uint32_t tokens : lengths) row.push_back(cell_text(*table, tokens));
    row.push_back(table->remark);
    text.rows.push_back(std::move(row));
  }
  text.explained = nolima ? "Scores by length of the book around the needle, in tokens, with 95 % intervals "
                            "over needles. Base score: of "
                            "every needle the best of 250, 500 and 1,000 tokens, averaged. Effective length: "
                            "the longest that keeps 85 "
                            "% of it; such lengths have a mark."
                          : "Means over RULER's tasks by length in tokens, with 95 % intervals. Effective "
                            "length: the longest with 85.6 "
                            "or more; such lengths have a mark. Towards longer, towards shorter: means with "
                            "weights 1, 2, 3 … that rise "
                            "to the longer and to the shorter lengths.";
  return text;
}

}  // namespace

std::vector<NamedTable> length_tables(const ReportInput& input) {
  std::vector<NamedTable> named;
  for (const auto& [benchmark, heading] :
       {std::pair("ruler", "RULER by length"), std::pair("nolima", "NoLiMa by length")}) {
    std::vector<const LengthTable*> tables;
    for (const LengthTable& table : input.lengths)
      if (table.benchmark == benchmark && !table.rows.empty()) tables.push_back(&table);
    if (!tables.empty()) named.push_back({heading, table_of(tables, std::string(benchmark) == "nolima")});
  }
  return named;
}

std::string lengths_html(const ReportInput& input) {
  std::string html;
  for (const NamedTable& named : length_tables(input)) html += table_html(named.heading, named.table);
  return html;
}

}  // namespace film::report
