#include "clean.h"

#include <unicode/uchar.h>

#include "film/base/strings.h"
#include "film/base/unicode.h"

namespace film::tasks {

void Cleaning::describe(Fields& f) {
  f.add("of", of, "what is cleaned: context, question, choices, prompt, or one of columns.others");
  f.add("by", by, "how");
}

namespace {

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  for (std::size_t at = 0;;) {
    const std::size_t found = text.find(from, at);
    result += text.substr(at, found - at);
    if (found == std::string_view::npos) return result;
    result += to;
    at = found + from.size();
  }
}

// The regular expression \[.*?\] of Python: the shortest, on one line.
std::string without_brackets(std::string_view text) {
  std::string result;
  while (true) {
    const std::size_t open = text.find('['), close = text.find_first_of("]\n", open);
    if (open == std::string_view::npos || close == std::string_view::npos) return result += text;
    const std::size_t kept = text[close] == ']' ? open : close + 1;  // no bracket closes on this line
    result += text.substr(0, kept);
    text.remove_prefix(close + 1);
  }
}

std::string capitalised(const std::string& text) {
  if (text.empty()) return text;
  const CodePoint first = code_point_at(text, 0);
  std::string result;
  append_utf8(result, static_cast<char32_t>(u_totitle(static_cast<UChar32>(first.value))));
  return result += to_lower(std::string_view(text).substr(first.size));
}

}  // namespace

std::string cleaned(const std::string& text, CleanBy by) {
  switch (by) {
    case CleanBy::strip:
      return std::string(trim(text));
    case CleanBy::spaces:
      return replaced(text, "_", " ");
    case CleanBy::capitalise:
      return capitalised(text);
    default:
      return replaced(without_brackets(replaced(trim(text), " [title]", ". ")), "  ", " ");
  }
}

}  // namespace film::tasks
