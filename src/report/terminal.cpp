#include <fmt/format.h>

#include <algorithm>

#include "film/report/report.h"
#include "summary_table.h"

namespace film::report {
namespace {

constexpr const char* kLevels[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

std::string sparkline(const Score& score) {
  std::string line;
  for (const PositionScore& p : score.positions)
    line += p.count == 0 ? "·" : kLevels[std::clamp(static_cast<int>(p.mean * 8 / 100), 0, 7)];
  return line;
}

// Characters, not bytes; wide CJK characters count two cells.
std::size_t cells(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c & 0xC0) == 0x80) continue;
    const bool wide = c >= 0xE3 && c <= 0xED;  // U+3000..U+DFFF: CJK, kana, Hangul
    count += wide || c >= 0xF0 ? 2 : 1;
  }
  return count;
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string space(width > cells(text) ? width - cells(text) : 0, ' ');
  return right ? space + text : text + space;
}

struct Line {
  std::string style;                // colour escape or empty
  std::vector<std::string> fields;  // one field: a heading over all columns
};

std::vector<Line> lines_of(const std::vector<ModelScores>& models,
                           const std::vector<Comparison>& comparisons) {
  std::vector<Line> lines = {{"\x1b[1m", {"", "n", "Avg", "95 %", "Gap", "by chance", "by position"}}};
  for (const SummaryGroup& group : summary_groups(models, comparisons)) {
    lines.push_back(
        {"\x1b[1m",
         {group.task + " · " + group.metric + (group.direction.empty() ? "" : " · " + group.direction)}});
    for (const SummaryRow& row : group.rows)
      lines.push_back({row.difference ? "\x1b[2m" : "",
                       {"  " + row.name, row.count, row.value, row.interval, row.gap, row.chance,
                        row.score ? sparkline(*row.score) : row.note}});
  }
  return lines;
}

}  // namespace

std::string terminal_summary(const std::vector<ModelScores>& models,
                             const std::vector<Comparison>& comparisons, bool colour) {
  const std::vector<Line> lines = lines_of(models, comparisons);
  std::vector<std::size_t> widths(7, 0);
  for (const Line& line : lines)
    for (std::size_t c = 0; line.fields.size() > 1 && c < line.fields.size(); ++c)
      widths[c] = std::max(widths[c], cells(line.fields[c]));
  std::string text;
  for (const Line& line : lines) {
    std::string row;
    for (std::size_t c = 0; c < line.fields.size(); ++c) {
      const bool right = c > 0 && c < 6;
      row += (c == 0 ? "" : "  ") +
             (line.fields.size() == 1 ? line.fields[c] : padded(line.fields[c], widths[c], right));
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += colour && !line.style.empty() ? line.style + row + "\x1b[0m\n" : row + "\n";
  }
  return text;
}

}  // namespace film::report
