#pragma once
// Characters the way SentencePiece reads them: a byte that starts no valid character counts as one U+FFFD.
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace film::text {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kEscapedSpace = 0x2581;  // what SentencePiece writes for ' '

struct Utf8Char {
  char32_t code;
  std::size_t length;  // bytes consumed; 1 for a byte that is not UTF-8
};

namespace detail {
inline bool is_trail(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }
}  // namespace detail

// The character at text[at]; at < text.size().
inline Utf8Char utf8_char(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < length) return {kReplacement, 1};
  char32_t code = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!detail::is_trail(text[at + i])) return {kReplacement, 1};
    code = (code << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  constexpr char32_t kLowest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (code < kLowest[length] || code > 0x10FFFF || surrogate) return {kReplacement, 1};
  return {code, length};
}

}  // namespace film::text
