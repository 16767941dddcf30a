#include "rubric.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/as_number.h"
#include "film/base/error.h"
#include "film/base/fill_template.h"
#include "film/base/sha256.h"
#include "film/base/shipped_file.h"
#include "film/base/strings.h"

namespace film::evaluation {
namespace {

// What may stand around a verdict, or at the end of its line.
constexpr std::string_view kMarks[] = {"*", "_",  "`",  "\"", "'", ".",  "!",  "#",  "(",  ")",  "[",
                                       "]", "。", "！", "“",  "”", "「", "」", "【", "】", "（", "）"};

std::string_view bare(std::string_view line) {
  for (bool more = true; more;) {
    line = trim(line);
    more = false;
    for (const std::string_view mark : kMarks) {
      if (line.starts_with(mark)) {
        line.remove_prefix(mark.size());
        more = true;
      }
      if (line.ends_with(mark)) {
        line.remove_suffix(mark.size());
        more = true;
      }
    }
  }
  return line;
}

// The head of a rubric, line by line, up to the first blank one.
class Head {
 public:
  explicit Head(Rubric& rubric) : rubric_(rubric) {}

  void take(std::string_view line, std::size_t at) {
    where_ = fmt::format("{}:{}", rubric_.path.string(), at);
    if (line.starts_with('#')) return;
    const std::size_t colon = line.find(':');
    const std::string_view key = trim(line.substr(0, colon));
    const std::string_view value = colon == line.npos ? "" : trim(line.substr(colon + 1));
    if (key == "verdict") return verdict(value);
    if (key == "line") return take_line(value);
    if (key == "tokens") return tokens(value);
    fail(fmt::format("\"{}\" is none of verdict, line and tokens", key));
  }

  void check() {
    where_ = rubric_.path.string();
    if (rubric_.verdicts.size() < 2) fail("there are fewer than two verdicts");
    if (rubric_.prompt.find("{answer}") == std::string::npos)
      fail("the prompt does not say with {answer} where the answer goes");
  }

 private:
  void verdict(std::string_view value) {
    const std::size_t blank = value.find_last_of(" \t");
    const std::string_view word = blank == value.npos ? "" : bare(value.substr(0, blank));
    const auto score = blank == value.npos ? std::nullopt : as_number<double>(value.substr(blank + 1));
    if (word.empty() || !score || !(*score >= 0 && *score <= 1))
      fail("a verdict is a word and what it counts, 0 to 1: \"verdict: CORRECT 1\"");
    for (const tasks::Verdict& other : rubric_.verdicts)
      if (to_lower(other.word) == to_lower(word)) fail("there are two verdicts \"" + other.word + "\"");
    rubric_.verdicts.push_back({std::string(word), *score});
  }

  void take_line(std::string_view value) {
    const auto line = from_name<VerdictLine>(value);
    if (!line) fail("line is first or last: where in the reply the verdict is");
    rubric_.line = *line;
  }

  void tokens(std::string_view value) {
    constexpr int kMost = 1 << 16;
    const auto count = as_number<int>(value);
    if (!count || *count < 1 || *count > kMost) fail("tokens is a number from 1 to 65,536");
    rubric_.tokens = *count;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw bad_data(where_ + ": " + what, "configs/prompts/judge/correct.txt is a rubric to start from");
  }

  Rubric& rubric_;
  std::string where_;
};

}  // namespace

Rubric read_rubric(const std::string& file) {
  Rubric rubric;
  rubric.path = shipped_file(file);
  const std::string content = read_file(rubric.path);
  rubric.sha256 = sha256(content);
  const std::string text = with_line_feeds(without_byte_order_mark(content));
  Head head(rubric);
  std::string_view rest = text;
  for (std::size_t at = 1; !rest.empty(); ++at) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) break;
    head.take(line, at);
  }
  rubric.prompt = trim(rest);
  head.check();
  return rubric;
}

std::string Rubric::filled(const std::string& question, const std::string& reference,
                           const std::string& answer) const {
  return fill_template(prompt, {{"{question}", question}, {"{reference}", reference}, {"{answer}", answer}});
}

std::optional<std::string> Rubric::verdict_in(const std::string& reply, bool whole) const {
  const std::string_view text = trim(reply);
  const std::size_t first_end = text.find('\n'), last_begin = text.rfind('\n');
  if (!whole && (line == VerdictLine::last || first_end == text.npos)) return {};
  const std::string said =
      to_lower(bare(line == VerdictLine::first ? text.substr(0, first_end)
                                               : text.substr(last_begin == text.npos ? 0 : last_begin + 1)));
  const auto found = std::ranges::find_if(
      verdicts, [&](const tasks::Verdict& verdict) { return to_lower(verdict.word) == said; });
  return found == verdicts.end() ? std::nullopt : std::optional(found->word);
}

std::optional<std::string> Rubric::verdict_of_person(const std::string& said) const {
  if (const auto word = verdict_in(said, true)) return word;
  const std::string lower = to_lower_ascii(trim(said));
  const auto counts = lower == "true" ? 1 : lower == "false" ? 0 : as_number<double>(lower);
  if (!counts) return {};
  const auto found = std::ranges::find(verdicts, *counts, &tasks::Verdict::score);
  return found == verdicts.end() ? std::nullopt : std::optional(found->word);
}

std::vector<std::string> Rubric::words() const {
  std::vector<std::string> list;
  for (const tasks::Verdict& verdict : verdicts) list.push_back(verdict.word);
  return list;
}

bool Rubric::is_graded() const {
  return std::ranges::any_of(verdicts,
                             [](const auto& verdict) { return verdict.score > 0 && verdict.score < 1; });
}

}  // namespace film::evaluation
