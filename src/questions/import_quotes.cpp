#include "import_quotes.h"

#include <algorithm>
#include <functional>

#include "film/questions/sentences.h"

namespace film::questions {
namespace {

constexpr std::size_t kHashedWords = 5;

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Letters and digits only: a quote may begin or end inside punctuation that belongs to the text.
std::vector<std::string_view> bare_words(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_word_byte(text[end])) ++end;
    if (end > at) words.push_back(text.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return words;
}

std::size_t hash_of(const std::vector<std::string_view>& words, std::size_t first, std::size_t count) {
  std::size_t hash = count;
  for (std::size_t i = first; i < first + count; ++i)
    hash = hash * 0x9E3779B97F4A7C15ull + std::hash<std::string_view>{}(words[i]);
  return hash;
}

}  // namespace

std::size_t QuoteFinder::add(const std::string& quote) {
  const auto [place, fresh] = numbers_.emplace(quote, quotes_.size());
  if (!fresh) return place->second;
  quotes_.push_back(quote);
  const auto words = bare_words(quote);
  const std::size_t count = std::min(kHashedWords, words.size());
  if (count > 0) beginnings_[count][hash_of(words, 0, count)].push_back(place->second);
  return place->second;
}

std::vector<std::size_t> QuoteFinder::find(const std::string& flat) const {
  std::vector<std::size_t> found;
  const auto words = bare_words(flat);
  for (const auto& [count, quotes] : beginnings_)
    for (std::size_t i = 0; i + count <= words.size(); ++i) {
      const auto candidates = quotes.find(hash_of(words, i, count));
      if (candidates == quotes.end()) continue;
      for (const std::size_t number : candidates->second)
        if (count_occurrences(flat, quotes_[number]) > 0) found.push_back(number);
    }
  std::ranges::sort(found);
  const auto twice = std::ranges::unique(found);
  found.erase(twice.begin(), twice.end());
  return found;
}

}  // namespace film::questions
