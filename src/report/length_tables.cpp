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

// What the table of a benchmark shows besides the scores by length.
struct Benchmark {
  const char *name, *heading;
  std::vector<std::string> columns;
  std::vector<std::string> (*cells)(const LengthTable& table);
  const char* explained;
};

std::vector<std::string> ruler_cells(const LengthTable& table) {
  return {or_none(table.average), or_none(table.longer), or_none(table.shorter)};
}

std::vector<std::string> nolima_cells(const LengthTable& table) {
  return {or_none(table.base), or_none(table.threshold)};
}

const Benchmark kBenchmarks[] = {
    {"ruler",
     "RULER by length",
     {"mean", "towards longer", "towards shorter"},
     ruler_cells,
     "Means over RULER's tasks by length in tokens, with 95 % intervals. Effective length: the longest with "
     "85.6 or more; such lengths have a mark. Towards longer, towards shorter: means with weights 1, 2, 3 … "
     "that rise to the longer and to the shorter lengths."},
    {"nolima",
     "NoLiMa by length",
     {"base score", "threshold"},
     nolima_cells,
     "Scores by length of the book around the needle, in tokens, with 95 % intervals over needles. Base "
     "score: of every needle the best of 250, 500 and 1,000 tokens, averaged. Effective length: the longest "
     "that keeps 85 % of it; such lengths have a mark."}};

TextTable table_of(const std::vector<const LengthTable*>& tables, const Benchmark& benchmark) {
  std::set<std::uint32_t> lengths;
  for (const LengthTable* table : tables)
    for (const LengthRow& row : table->rows) lengths.insert(row.tokens);
  TextTable text;
  text.words = 1;
  text.columns = {"model", "effective length"};
  text.columns.insert(text.columns.end(), benchmark.columns.begin(), benchmark.columns.end());
  for (const std::uint32_t tokens : lengths) text.columns.push_back(grouped(tokens));
  text.columns.emplace_back("");
  for (const LengthTable* table : tables) {
    std::vector<std::string> row = {table->model, effective_text(*table)};
    const std::vector<std::string> cells = benchmark.cells(*table);
    row.insert(row.end(), cells.begin(), cells.end());
    for (const std::uint32_t tokens : lengths) row.push_back(cell_text(*table, tokens));
    row.push_back(table->remark);
    text.rows.push_back(std::move(row));
  }
  text.explained = benchmark.explained;
  return text;
}

}  // namespace

std::vector<NamedTable> length_tables(const ReportInput& input) {
  std::vector<NamedTable> named;
  for (const Benchmark& benchmark : kBenchmarks) {
    std::vector<const LengthTable*> tables;
    for (const LengthTable& table : input.lengths)
      if (table.benchmark == benchmark.name && !table.rows.empty()) tables.push_back(&table);
    if (!tables.empty()) named.push_back({benchmark.heading, table_of(tables, benchmark)});
  }
  return named;
}

std::string lengths_html(const ReportInput& input) {
  std::string html;
  for (const NamedTable& named : length_tables(input)) html += table_html(named.heading, named.table);
  return html;
}

}  // namespace film::report
