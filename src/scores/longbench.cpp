#include "longbench.h"

#include <algorithm>

#include "film/base/strings.h"
#include "film/scores/metrics.h"
#include "published.h"

namespace film::scores {
namespace {

// Runs of digits.
std::vector<std::string_view> numbers_in(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_ascii_digit(text[end])) ++end;
    if (end > at) found.push_back(text.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return found;
}

std::string first_line(std::string_view text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of('\n')));
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

double share_of_numbers(const std::string& output, const std::vector<std::string>& answers) {
  const auto wanted = numbers_in(answers.front()), given = numbers_in(output);
  if (wanted.empty() || given.empty()) return 0;
  return static_cast<double>(std::ranges::count(given, wanted.front())) / static_cast<double>(given.size());
}

double named_class(const std::string& output, const std::vector<std::string>& answers) {
  const std::string line = first_line(output), &wanted = answers.front();
  std::vector<std::string> named;
  for (std::size_t c = 1; c < answers.size(); ++c)
    if (line.find(answers[c]) != std::string::npos) named.push_back(answers[c]);
  for (std::size_t i = 0; i < named.size(); ++i)
    if (named[i] != wanted && wanted.find(named[i]) != std::string::npos)
      named.erase(named.begin() + static_cast<std::ptrdiff_t>(i));
  const bool there = std::ranges::find(named, wanted) != named.end();
  return there ? 1.0 / static_cast<double>(named.size()) : 0;
}

double first_line_f1(const std::string& output, const std::vector<std::string>& answers) {
  return blank_f1(first_line(output), answers);
}

double first_line_rouge_l(const std::string& output, const std::vector<std::string>& answers) {
  return best_rouge_l(first_line(output), answers);
}

}  // namespace film::scores
