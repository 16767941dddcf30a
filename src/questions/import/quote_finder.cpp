#include "quote_finder.h"

#include <algorithm>
#include <functional>

#include "film/base/unicode.h"
#include "film/base/words.h"

namespace film::questions {
namespace {

constexpr std::size_t kHashedWords = 5;

std::size_t hash_of(const std::vector<std::string_view>& words, std::size_t first, std::size_t count) {
  std::size_t hash = count;
  for (std::size_t i = first; i < first + count; ++i)
    hash = hash * 0x9E3779B97F4A7C15ull + std::hash<std::string_view>{}(words[i]);
  return hash;
}

}  // namespace

std::vector<std::string_view> quote_words(std::string_view text) {
  std::vector<std::string_view> found;
  std::size_t begin = 0;  // of the word that `at` is in
  const auto end_word = [&](std::size_t at, std::size_t next) {
    if (at > begin) found.push_back(text.substr(begin, at - begin));
    begin = next;
  };
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    const std::size_t next = at + c.size;
    if (is_unspaced(c.value)) {
      end_word(at, next);
      found.push_back(text.substr(at, c.size));
    } else if (!is_word(c.value)) {
      end_word(at, next);
    }
    at = next;
  }
  end_word(text.size(), text.size());
  return found;
}

std::size_t QuoteFinder::add(const std::string& quote) {
  const auto [place, fresh] = numbers_.emplace(quote, quotes_.size());
  if (!fresh) return place->second;
  quotes_.push_back(quote);
  const auto words = quote_words(quote);
  const std::size_t count = std::min(kHashedWords, words.size());
  if (count > 0) beginnings_[count][hash_of(words, 0, count)].push_back(place->second);
  return place->second;
}

std::vector<std::size_t> QuoteFinder::find(const std::string& flat) const {
  std::vector<std::size_t> found;
  const auto words = quote_words(flat);
  for (const auto& [count, quotes] : beginnings_)
    for (std::size_t i = 0; i + count <= words.size(); ++i) {
      const auto candidates = quotes.find(hash_of(words, i, count));
      if (candidates == quotes.end()) continue;
      for (const std::size_t number : candidates->second)
        if (contains_word(flat, quotes_[number])) found.push_back(number);
    }
  std::ranges::sort(found);
  const auto twice = std::ranges::unique(found);
  found.erase(twice.begin(), twice.end());
  return found;
}

}  // namespace film::questions
