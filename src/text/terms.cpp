#include "film/text/terms.h"

#include <algorithm>
#include <cmath>

#include "film/base/fnv1a.h"
#include "film/base/strings.h"
#include "film/base/words.h"

namespace film::text {

std::vector<std::uint32_t> terms_of(std::string_view text) {
  std::vector<std::uint32_t> terms;
  const std::string lower = to_lower(text);
  for (const std::string_view word : bare_words(lower)) {
    constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15u;  // words that end alike would be neighbours
    terms.push_back(static_cast<std::uint32_t>(fnv1a(word) * kMix >> 32));
  }
  std::ranges::sort(terms);
  terms.erase(std::ranges::unique(terms).begin(), terms.end());
  return terms;
}

double term_weight(std::uint64_t texts, std::uint64_t with) {
  return std::log((1 + static_cast<double>(texts)) / (1 + static_cast<double>(with)));
}

}  // namespace film::text
