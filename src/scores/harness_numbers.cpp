#include "harness_numbers.h"

#include <algorithm>
#include <string_view>

#include "film/base/strings.h"

namespace film::scores {
namespace {

constexpr std::string_view kMark = "#### ";
constexpr std::string_view kDigits = "0123456789", kAmount = "$0123456789.,";

std::size_t length_of(std::string_view text, std::string_view of) {
  return std::min(text.find_first_not_of(of), text.size());
}

// What the pattern matches at the beginning of the text; 0: nothing.
std::size_t match(std::string_view text) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const std::string_view rest = text.substr(sign);
  if (const std::size_t amount = length_of(rest, kAmount); amount >= 2) return sign + amount;
  const std::size_t digits = length_of(rest, kDigits);
  return digits > 0 ? sign + digits : 0;
}

std::string compared(std::string_view text) {
  if (const std::size_t at = text.rfind(kMark); at != std::string_view::npos)
    text.remove_prefix(at + kMark.size());
  std::string kept = to_lower(text);
  std::erase_if(kept, [](char c) { return c == ',' || c == '$'; });
  if (kept.ends_with('.')) kept.pop_back();
  return kept;
}

bool equals_one(std::string_view number, const std::vector<std::string>& answers) {
  const std::string given = compared(number);
  return !given.empty() &&
         std::ranges::any_of(answers, [&](const std::string& answer) { return compared(answer) == given; });
}

}  // namespace

double last_number(const std::string& output, const std::vector<std::string>& answers) {
  std::string_view last;
  for (std::string_view rest = output; !rest.empty();) {
    const std::size_t length = match(rest);
    if (length > 0) last = rest.substr(0, length);
    rest.remove_prefix(std::max<std::size_t>(1, length));
  }
  return equals_one(last, answers);
}

double marked_number(const std::string& output, const std::vector<std::string>& answers) {
  for (std::string_view rest = output;;) {
    const std::size_t at = rest.find(kMark);
    if (at == std::string_view::npos) return 0;
    rest.remove_prefix(at + kMark.size());
    const std::size_t sign = rest.starts_with('-') ? 1 : 0;
    if (const std::size_t length = length_of(rest.substr(sign), kAmount.substr(1)); length > 0)
      return equals_one(rest.substr(0, sign + length), answers);
  }
}

}  // namespace film::scores
