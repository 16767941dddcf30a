#pragma once
// What a text is about, as numbers: its words, and how much each tells.
#include <cstdint>
#include <string_view>
#include <vector>

namespace film::text {

// The lower-case words of a text (bare_words() of base/words.h) as 32-bit hashes, ascending, each once. Among a million
// words some hundred share their hash with another.
std::vector<std::uint32_t> terms_of(std::string_view text);

// How much a word tells about the text that it is in: log((1 + texts) / (1 + with)), the inverse document frequency, of a
// word that is in `with` of `texts` texts.
double term_weight(std::uint64_t texts, std::uint64_t with);

}  // namespace film::text
