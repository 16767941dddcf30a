#pragma once
// Characters of UTF-8 text and the classes that film's rules speak of. ASCII is decided here, whatever the
// locale; everything beyond goes by its Unicode properties (ICU).
#include <cstddef>
#include <string>
#include <string_view>

namespace film {

constexpr bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
constexpr bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_ascii_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_ascii_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_ascii_alnum(char c) { return is_ascii_lower(c) || is_ascii_upper(c) || is_ascii_digit(c); }
constexpr bool is_ascii_punctuation(char c) { return c > ' ' && c < '\x7f' && !is_ascii_alnum(c); }
constexpr char to_ascii_lower(char c) { return is_ascii_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
bool all_ascii(std::string_view text);

// One character and the bytes it takes. A byte that begins no valid UTF-8 sequence is U+FFFD of size 1; there
// is no character at the end of the text: size 0.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;
};
constexpr char32_t kReplacement = 0xFFFD;

inline CodePoint code_point_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < size) return {kReplacement, 1};
  char32_t value = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto trail = static_cast<unsigned char>(text[at + i]);
    if ((trail & 0xC0) != 0x80) return {kReplacement, 1};
    value = (value << 6) | (trail & 0x3FU);
  }
  constexpr char32_t kLowest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value < 0xE000;
  if (value < kLowest[size] || value > 0x10FFFF || surrogate) return {kReplacement, 1};
  return {value, size};
}

// The one that ends before `at`.
CodePoint code_point_before(std::string_view text, std::size_t at);
void append_utf8(std::string& text, char32_t c);

bool is_space(char32_t c);        // Unicode White_Space: also the no-break and the ideographic space
bool is_word(char32_t c);         // part of a word: letter, mark, number, or a joiner inside one
bool is_combining(char32_t c);    // mark that belongs to the letter before it
bool is_digit(char32_t c);        // decimal digit of any script
bool is_lower(char32_t c);        // lower-case letter
bool is_punctuation(char32_t c);  // punctuation and symbols
bool is_opening(char32_t c);      // opening bracket or quotation mark
char32_t to_lower(char32_t c);

// Part of a word in a script that puts no blanks between words: Han, Kana, Bopomofo, Thai, Lao, Khmer, Myanmar.
bool is_unspaced(char32_t c);
// Thai or Lao, where a blank ends a sentence or a clause.
bool is_thai_or_lao(char32_t c);
// Characters of Chinese and Japanese, their punctuation included: a line break between two is not a blank.
bool is_cjk(char32_t c);

}  // namespace film
