#include "film/records/samples.h"

#include <algorithm>
#include <optional>

#include "film/base/format.h"
#include "film/base/strings.h"
#include "film/base/words.h"

namespace film {
namespace {

constexpr std::size_t kLongestPiece = 700;  // characters
constexpr std::size_t kLeastTaken = 2;      // bytes of an answer that is looked for elsewhere

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// The first byte at or behind `at` that begins a character.
std::size_t character_at(const std::string& text, std::size_t at) {
  while (at < text.size() && !starts_character(text[at])) ++at;
  return at;
}

void mark_taken(std::vector<ContextPart>& parts, const std::string& taken) {
  const std::string wanted = to_lower(trim(taken));
  if (wanted.size() < kLeastTaken) return;
  for (ContextPart& part : parts)
    if (!part.evidence && contains_word(to_lower(part.text), wanted)) {
      part.taken = true;
      return;
    }
}

bool is_shown(const std::vector<ContextPart>& parts, std::size_t i) {
  const auto matters = [&](std::size_t at) {
    return at < parts.size() && (parts[at].evidence || parts[at].taken);
  };
  return i == 0 || i + 1 == parts.size() || matters(i) || matters(i + 1) || matters(i - 1);
}

}  // namespace

std::vector<ContextPart> marked(const std::vector<std::string>& pieces,
                                std::span<const std::uint32_t> evidence) {
  std::vector<ContextPart> parts;
  for (const std::string& piece : pieces) parts.push_back({piece});
  for (const std::uint32_t position : evidence)
    if (position < parts.size()) parts[position].evidence = true;
  return parts;
}

std::vector<ContextPart> around_evidence(const std::vector<std::string>& pieces,
                                         std::span<const std::uint32_t> evidence, const std::string& taken) {
  std::vector<ContextPart> all = marked(pieces, evidence), shown;
  mark_taken(all, taken);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_shown(all, i)) {
      shown.push_back(all[i]);
      shown.back().text = without_middle(all[i].text, kLongestPiece);
    } else {
      if (shown.back().left_out == 0) shown.emplace_back();
      ++shown.back().left_out;
    }
  }
  return shown;
}

std::string without_middle(const std::string& text, std::size_t most) {
  const auto length = static_cast<std::size_t>(std::ranges::count_if(text, starts_character));
  if (length <= most) return text;
  const std::size_t half = most / 2;  // bytes: of scripts with several in a character fewer are shown
  const std::size_t begin = character_at(text, half), end = character_at(text, text.size() - half);
  const auto left_out = std::count_if(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                      text.begin() + static_cast<std::ptrdiff_t>(end), starts_character);
  return text.substr(0, begin) + " … " + grouped(static_cast<std::uint64_t>(left_out)) +
         " characters left out … " + text.substr(end);
}

FILM_DEFINE_JSON(AnswerSample);

}  // namespace film
