// Which function contains this line? Functions cut out of Python files: the name and a few lines below it.
// The name precedes what is quoted (backward).
#include <algorithm>
#include <set>

#include "builders.h"
#include "film/base/lines.h"
#include "pieces.h"

namespace film::scores {
namespace {

struct Line {
  std::size_t indent = 0;
  std::string text;  // without indent and trailing white space
};

std::vector<Line> read_lines(const fs::path& path) {
  std::vector<Line> lines;
  LineReader reader(path);
  std::string raw;
  while (reader.next(raw)) {
    const std::size_t begin = raw.find_first_not_of(" \t");
    if (begin == std::string::npos || raw.find_first_not_of(" \t\r\f") == std::string::npos) continue;
    lines.push_back({begin, raw.substr(begin, raw.find_last_not_of(" \t\r\f") + 1 - begin)});
  }
  return lines;
}

std::string function_name(const std::string& line) {
  constexpr std::string_view kDef = "def ";
  const std::size_t at = line.starts_with("async ") ? 6 : 0;
  if (line.compare(at, kDef.size(), kDef) != 0) return {};
  const std::size_t open = line.find('(', at);
  if (open == std::string::npos) return {};
  const std::size_t begin = at + kDef.size();
  return line.substr(begin, line.find_last_not_of(' ', open - 1) + 1 - begin);
}

// Steps over a docstring that begins at lines[i].
std::size_t after_docstring(const std::vector<Line>& lines, std::size_t i) {
  if (i >= lines.size()) return i;
  std::string_view text = lines[i].text;
  if (text.starts_with("r")) text.remove_prefix(1);
  const std::string_view quotes = text.substr(0, 3);
  if (quotes != "\"\"\"" && quotes != "'''")
    return text.starts_with('"') || text.starts_with('\'') ? i + 1 : i;
  if (text.find(quotes, 3) != std::string_view::npos) return i + 1;
  while (++i < lines.size())
    if (lines[i].text.find(quotes) != std::string::npos) return i + 1;
  return i;
}

// Up to `wanted` lines of the body of the function whose `def` is lines[i]; comments are left out.
std::vector<std::string> body(const std::vector<Line>& lines, std::size_t i, std::uint32_t wanted) {
  const std::size_t indent = lines[i].indent;
  while (i < lines.size() && !lines[i].text.ends_with(':')) ++i;  // a signature over several lines
  std::vector<std::string> found;
  for (i = after_docstring(lines, i + 1); i < lines.size() && lines[i].indent > indent; ++i) {
    if (found.size() == wanted || !function_name(lines[i].text).empty()) break;
    if (!lines[i].text.starts_with('#')) found.push_back(lines[i].text);
  }
  return found;
}

bool worth_quoting(const std::string& line) {
  const auto letters =
      std::count_if(line.begin(), line.end(), [](char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; });
  return letters >= 6;
}

// The line in the middle, or the nearest one after or before it that says something.
std::string quoted_line(const std::vector<std::string>& lines) {
  const std::size_t middle = lines.size() / 2;
  for (std::size_t step = 0; step < lines.size(); ++step) {
    if (middle + step < lines.size() && worth_quoting(lines[middle + step])) return lines[middle + step];
    if (step <= middle && worth_quoting(lines[middle - step])) return lines[middle - step];
  }
  return {};
}

}  // namespace

Probe build_code(const TaskInput& input) {
  const CodeSettings& settings = input.settings.code;
  std::vector<Piece> pool;
  std::set<std::string> names;  // a name is used once, or the answer would not say which function is meant
  std::uint64_t repeated = 0;
  for (const fs::path& path : source_files(settings.source, {".py"}, "code.source")) {
    const std::vector<Line> lines = read_lines(path);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string name = function_name(lines[i].text);
      if (name.empty()) continue;
      const std::vector<std::string> kept = body(lines, i, settings.lines);
      const std::string quoted = kept.size() == settings.lines ? quoted_line(kept) : "";
      if (quoted.empty()) continue;
      if (!names.insert(name).second) {
        ++repeated;
        continue;
      }
      std::string text = "def " + name;
      for (const std::string& line : kept) text += "\n    " + line;
      pool.push_back({text,
                      quoted,
                      "In above context, which function contains the code snip \"" + quoted + "\"?",
                      {name}});
    }
  }
  Probe probe = deal(pool, settings, input.tokens, input.settings.seed, "code");
  probe.notes["functions"] = pool.size();
  probe.notes["left_out"]["name used before"] = repeated;
  return probe;
}

}  // namespace film::scores
