#include "film/base/terminal.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/strings.h"
#include "film/report/report.h"
#include "summary_table.h"

namespace film::report {
namespace {

constexpr const char* kLevels[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

std::string sparkline(const PositionCurve& curve) {
  std::string line;
  for (const PositionScore& p : curve.positions)
    line += p.count == 0 ? "·" : kLevels[std::clamp(static_cast<int>(p.mean * 8 / 100), 0, 7)];
  return line;
}

std::size_t cells(const std::string& text) { return static_cast<std::size_t>(columns_of(text)); }

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string space(width > cells(text) ? width - cells(text) : 0, ' ');
  return right ? space + text : text + space;
}

constexpr int kColumns = 80;

struct Line {
  std::string style;                // colour escape or empty
  std::vector<std::string> fields;  // fewer than columns: the last runs over the columns that are left
};

constexpr const char* kBold = "\x1b[1m";
constexpr const char* kFaint = "\x1b[2m";
constexpr const char* kReset = "\x1b[0m";

// The note of a difference has the columns of the two things that a difference has not.
Line score_line(const SummaryRow& row) {
  Line line{row.difference ? kFaint : "", {"  " + row.name, row.count, row.value, row.interval, row.gap}};
  if (row.difference)
    line.fields.push_back(row.note);
  else
    line.fields.insert(line.fields.end(),
                       {row.chance, row.curve != nullptr ? sparkline(*row.curve) : std::string()});
  return line;
}

std::vector<Line> score_lines(const std::vector<ModelScores>& models,
                              const std::vector<Comparison>& comparisons) {
  std::vector<Line> lines = {{kBold, {"", "n", "Avg", "95 %", "Gap", "by chance", "by position"}}};
  if (!has_curves(models)) lines = {{kBold, {"", "n", "Avg", "95 %", "", "", ""}}};
  for (const SummaryGroup& group : summary_groups(models, comparisons)) {
    lines.push_back({kBold, {group.task + " · " + join(group.about, " · ")}});
    for (const SummaryRow& row : group.rows) lines.push_back(score_line(row));
    for (const std::string& note : group.notes)
      lines.push_back({kFaint, {"  " + wrapped(note, kColumns, 2, 2)}});
  }
  return lines;
}

std::vector<Line> overview_lines(const Overview& table) {
  std::vector<Line> lines = {{kBold, {""}}};
  lines[0].fields.insert(lines[0].fields.end(), table.models.begin(), table.models.end());
  for (std::size_t t = 0; t < table.tasks.size(); ++t) {
    Line line{"", {table.tasks[t]}};
    for (const Overview::Cell& cell : table.cells[t])
      line.fields.push_back(
          cell.difference.empty() ? cell.value : cell.value + "  " + cell.difference + " " + cell.interval);
    lines.push_back(std::move(line));
  }
  return lines;
}

// A heading, or the last field of a short line, takes the columns that are left.
bool runs_over(const Line& line, std::size_t column, std::size_t columns) {
  return line.fields.size() < columns && column + 1 == line.fields.size();
}

std::vector<std::size_t> column_widths(const std::vector<Line>& lines) {
  std::size_t columns = 0;
  for (const Line& line : lines) columns = std::max(columns, line.fields.size());
  std::vector<std::size_t> widths(columns);
  for (const Line& line : lines)
    for (std::size_t c = 0; c < line.fields.size(); ++c)
      if (!runs_over(line, c, columns)) widths[c] = std::max(widths[c], cells(line.fields[c]));
  return widths;
}

// Columns but the first are aligned to the right, those from `left_from` on to the left.
std::string laid_out(const std::vector<Line>& lines, std::size_t left_from, bool colour) {
  const std::vector<std::size_t> widths = column_widths(lines);
  std::string text;
  for (const Line& line : lines) {
    std::string row;
    for (std::size_t c = 0; c < line.fields.size(); ++c) {
      const bool right = c > 0 && c < left_from;
      row += c == 0 ? "" : "  ";
      row += runs_over(line, c, widths.size()) ? line.fields[c] : padded(line.fields[c], widths[c], right);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += colour && !line.style.empty() ? line.style + row + kReset + "\n" : row + "\n";
  }
  return text;
}

}  // namespace

std::string terminal_summary(const std::vector<ModelScores>& models,
                             const std::vector<Comparison>& comparisons, bool colour) {
  constexpr std::size_t kLastColumn = 6;  // sparkline or note
  const Overview table = overview(models, comparisons);
  const std::string above =
      table.tasks.empty() ? "" : laid_out(overview_lines(table), table.models.size() + 1, colour) + "\n";
  return above + laid_out(score_lines(models, comparisons), kLastColumn, colour);
}

}  // namespace film::report
