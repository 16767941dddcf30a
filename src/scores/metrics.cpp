#include "film/scores/metrics.h"

#include <algorithm>
#include <set>

#include "film/base/error.h"

namespace film::scores {
namespace {

// ASCII only on purpose: std::isalpha and friends depend on the locale.
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_name_char(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_punctuation(char c) { return c > ' ' && c < 0x7f && (!is_name_char(c) || c == '_'); }

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
  return result;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  std::size_t i = 0;
  while (i < text.size()) {
    while (i < text.size() && is_space(text[i])) ++i;
    const std::size_t begin = i;
    while (i < text.size() && !is_space(text[i])) ++i;
    if (i > begin) result.emplace_back(text.substr(begin, i - begin));
  }
  return result;
}

// `part` in `text` with no character of the same word on either side.
bool contains_whole(const std::string& text, const std::string& part) {
  if (part.empty()) return false;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    const bool left = at == 0 || !is_name_char(text[at - 1]);
    const bool right = end == text.size() || !is_name_char(text[end]);
    if (left && right) return true;
  }
  return false;
}

}  // namespace

std::string normalised(std::string_view text) {
  std::string kept;
  for (const char c : text)
    if (!is_punctuation(c)) kept += lower(c);
  std::string result;
  for (const std::string& word : words(kept)) {
    if (word == "a" || word == "an" || word == "the") continue;
    if (!result.empty()) result += ' ';
    result += word;
  }
  return result;
}

double exact_match(const std::string& output, const std::vector<std::string>& expected) {
  const std::string given = normalised(output);
  if (given.empty()) return 0;
  return std::any_of(expected.begin(), expected.end(), [&](const auto& e) { return normalised(e) == given; });
}

double contains_answer(const std::string& output, const std::vector<std::string>& expected) {
  const std::string given = normalised(output);
  return std::any_of(expected.begin(), expected.end(),
                     [&](const auto& e) { return contains_whole(given, normalised(e)); });
}

double word_recall(const std::string& output, const std::vector<std::string>& expected) {
  if (expected.empty()) return 0;
  const std::vector<std::string> wanted = words(lower(expected.front())), given = words(lower(output));
  const std::set<std::string> answer(wanted.begin(), wanted.end()), said(given.begin(), given.end());
  if (answer.empty()) return 0;
  const auto found =
      std::count_if(answer.begin(), answer.end(), [&](const auto& w) { return said.contains(w); });
  return static_cast<double>(found) / static_cast<double>(answer.size());
}

double whole_name(const std::string& output, const std::vector<std::string>& expected) {
  return std::any_of(expected.begin(), expected.end(),
                     [&](const auto& e) { return contains_whole(output, e); });
}

double any_substring(const std::string& output, const std::vector<std::string>& expected) {
  const std::string given = lower(output);
  return std::any_of(expected.begin(), expected.end(), [&](const auto& e) {
    return !e.empty() && given.find(lower(std::string_view(e))) != std::string::npos;
  });
}

double name_substring(const std::string& output, const std::vector<std::string>& expected) {
  return std::any_of(expected.begin(), expected.end(), [&](const std::string& e) {
    const std::size_t begin = e.find_first_not_of('.'), end = e.find_last_not_of('.');
    return begin != std::string::npos && output.find(e.substr(begin, end - begin + 1)) != std::string::npos;
  });
}

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> table = {
      {"exact match", "the normalised answer, nothing else", true, exact_match},
      {"contains answer", "the normalised answer among the output's words", true, contains_answer},
      {"word recall", "share of the answer's words in the output", false, word_recall},
      {"name", "the name as a whole identifier in the output", true, whole_name},
      {"any of", "label or description in the output, lower case", true, any_substring},
      {"name as VaL", "the name as a substring of the output", true, name_substring},
  };
  return table;
}

const Metric& find_metric(const std::string& name) {
  for (const Metric& metric : metrics())
    if (metric.name == name) return metric;
  throw internal_error("no metric is called \"" + name + "\"");
}

}  // namespace film::scores
