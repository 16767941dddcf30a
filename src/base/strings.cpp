#include "film/base/strings.h"

#include <algorithm>
#include <array>

namespace film {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// How many lines a white space character ends, as blank lines are counted.
int line_ends(char32_t c) {
  constexpr char32_t kLineSeparator = 0x2028, kParagraphSeparator = 0x2029;
  if (c == kParagraphSeparator) return 2;
  return c == '\n' || c == kLineSeparator ? 1 : 0;
}

constexpr auto kWordMarks = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 128; ++c) table[c] = !is_ascii_space(static_cast<char>(c));
  return table;
}();

// A character of ASCII that is no white space.
bool is_ascii_mark(std::string_view text, std::size_t at) {
  return kWordMarks[static_cast<unsigned char>(text[at])];
}

// A blank between two such characters, the first at `begin` or behind it.
bool is_single_blank(std::string_view text, std::size_t begin, std::size_t at) {
  return text[at] == ' ' && at > begin && at + 1 < text.size() && is_ascii_mark(text, at + 1);
}

bool is_among(std::string_view characters, char32_t wanted) {
  for (std::size_t at = 0; at < characters.size();) {
    const CodePoint c = code_point_at(characters, at);
    if (c.value == wanted) return true;
    at += c.size;
  }
  return false;
}

bool join_lines(char32_t before, char32_t after) { return is_cjk(before) && is_cjk(after); }

}  // namespace

std::string_view trim(std::string_view text, std::string_view also) {
  const auto removable = [&](const CodePoint& c) { return is_space(c.value) || is_among(also, c.value); };
  while (!text.empty()) {
    const CodePoint first = code_point_at(text, 0);
    if (!removable(first)) break;
    text.remove_prefix(first.size);
  }
  while (!text.empty()) {
    const CodePoint last = code_point_before(text, text.size());
    if (!removable(last)) break;
    text.remove_suffix(last.size);
  }
  return text;
}

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

std::string with_line_feeds(std::string_view text) {
  if (text.find('\r') == std::string_view::npos) return std::string(text);
  std::string lines;
  lines.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      lines += text[i];
      continue;
    }
    const std::size_t behind = text.find_first_not_of('\r', i);
    if (behind != std::string_view::npos && text[behind] == '\n') i = behind;
    lines += '\n';
  }
  return lines;
}

std::string to_lower_ascii(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), to_ascii_lower);
  return lower;
}

std::string to_lower(std::string_view text) {
  if (all_ascii(text)) return to_lower_ascii(text);
  std::string lower;
  lower.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (is_ascii(text[at])) {
      lower += to_ascii_lower(text[at++]);
      continue;
    }
    const CodePoint c = code_point_at(text, at);
    const char32_t small = to_lower(c.value);
    if (small != c.value)
      append_utf8(lower, small);
    else  // also bytes that are no character
      lower.append(text.substr(at, c.size));
    at += c.size;
  }
  return lower;
}

std::string normalize_whitespace(std::string_view text) {
  std::string flat;
  flat.reserve(text.size());
  char32_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    while (at < text.size() && (is_ascii_mark(text, at) || is_single_blank(text, begin, at))) ++at;
    if (at > begin) {  // stays as it is
      before = static_cast<char32_t>(text[at - 1]);
      flat.append(text, begin, at - begin);
      continue;
    }
    CodePoint c = code_point_at(text, at);
    if (!is_space(c.value)) {
      flat.append(text.substr(at, c.size));
      before = c.value;
      at += c.size;
      continue;
    }
    int lines = 0;
    for (; c.size > 0 && is_space(c.value); c = code_point_at(text, at)) {
      lines += line_ends(c.value);
      at += c.size;
    }
    if (flat.empty() || c.size == 0) continue;
    if (lines > 1)
      flat += '\n';
    else if (lines == 0 || !join_lines(before, c.value))
      flat += ' ';
  }
  return flat;
}

std::string on_one_line(std::string_view text) {
  std::string line = normalize_whitespace(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

std::string without_punctuation(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (!is_punctuation(c.value)) kept.append(text.substr(at, c.size));
    at += c.size;
  }
  return kept;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    fields.push_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  return fields;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) text += separator;
    text += part;
  }
  return text;
}

}  // namespace film
