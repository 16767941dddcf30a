#include "shell_line.h"

#include <algorithm>
#include <string_view>

#include "film/base/unicode.h"

namespace film::cli {
namespace {

std::string quoted_word(const std::string& word) {
  constexpr std::string_view kPlain = "_-./=:,+@%";
  const bool plain = !word.empty() && std::ranges::all_of(word, [&](char c) {
    return is_ascii_alnum(c) || kPlain.find(c) != std::string_view::npos;
  });
  if (plain) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string shell_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + quoted_word(word);
  return line;
}

std::string film_line(std::vector<std::string> words) {
  if (!words.empty()) words[0] = "film";
  return shell_line(words);
}

}  // namespace film::cli
