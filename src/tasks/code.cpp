// Which function contains this line? Functions cut out of Python files: the name and a few lines below it.
// The name precedes what is quoted (backward).
#include <algorithm>
#include <set>

#include "film/base/strings.h"
#include "odd_rows.h"
#include "pieces.h"
#include "probes.h"

namespace film::tasks {
namespace {

struct Line {
  std::size_t indent = 0;
  std::string text;  // without indent and trailing white space
};

// Lines that hold anything.
std::vector<Line> lines_of(const std::string& content) {
  std::vector<Line> lines;
  const std::string lf = with_line_feeds(content);
  std::string_view text = lf;
  while (!text.empty()) {
    const std::string_view raw = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(raw.size() + 1, text.size()));
    const std::size_t begin = raw.find_first_not_of(" \t");
    if (begin == std::string_view::npos || raw.find_first_not_of(" \t\r\f") == std::string_view::npos)
      continue;
    lines.push_back({begin, std::string(raw.substr(begin, raw.find_last_not_of(" \t\r\f") + 1 - begin))});
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

// The functions of many files, each name once, or the answer would not say which function is meant.
class Functions {
 public:
  explicit Functions(std::uint32_t lines) : lines_(lines) {}

  void add(const std::vector<Line>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string name = function_name(lines[i].text);
      if (name.empty()) continue;
      const std::vector<std::string> kept = body(lines, i, lines_);
      const std::string quoted = kept.size() == lines_ ? quoted_line(kept) : "";
      if (quoted.empty()) continue;
      if (names_.insert(name).second)
        pool.push_back(piece_of(name, kept, quoted));
      else
        ++repeated;
    }
  }

  std::vector<Piece> pool;
  std::uint64_t repeated = 0;

 private:
  static Piece piece_of(const std::string& name, const std::vector<std::string>& lines,
                        const std::string& quoted) {
    std::string text = "def " + name;
    for (const std::string& line : lines) text += "\n    " + line;
    return {
        text, quoted, "In above context, which function contains the code snip \"" + quoted + "\"?", {name}};
  }

  std::uint32_t lines_;
  std::set<std::string> names_;
};

}  // namespace

Task build_code(const BuildInput& input) {
  const CodeSettings& settings = input.settings.code;
  const auto files = source_files(settings.source, {{".py"}, {}}, "code.source");
  Functions functions(settings.lines);
  OddRows odd("code.source");
  sources::for_each_row(files, {{{"text"}}}, [&](sources::Row&& row) {
    if (row.fault)
      odd.count(row, files);
    else
      functions.add(lines_of(row.cells[0].text));
  });
  if (functions.pool.empty()) throw odd.nothing_usable("no function to ask about in " + settings.source);
  Task task = deal(functions.pool, settings, input.tokens, input.settings.seed, "code");
  task.notes["functions"] = functions.pool.size();
  task.notes["left_out"]["name used before"] = functions.repeated;
  odd.note(task.notes);
  return task;
}

}  // namespace film::tasks
