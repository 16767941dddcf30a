#include "film/base/unicode.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

namespace film {
namespace {

struct Range {
  char32_t first, last;
};

template <std::size_t n>
bool in_any(const std::array<Range, n>& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

// Blocks of the scripts that ICU has dictionaries for. Their punctuation is told apart by is_word.
constexpr std::array<Range, 16> kUnspaced = {{
    {0x0E00, 0x0EFF},    // Thai, Lao
    {0x1000, 0x109F},    // Myanmar
    {0x1780, 0x17FF},    // Khmer
    {0x3005, 0x3007},    // Han: iteration mark, closing mark, zero
    {0x3021, 0x3029},    // Han numerals
    {0x3040, 0x30FF},    // Hiragana, Katakana
    {0x3100, 0x312F},    // Bopomofo
    {0x31A0, 0x31BF},    // Bopomofo
    {0x31F0, 0x31FF},    // Katakana
    {0x3400, 0x4DBF},    // Han
    {0x4E00, 0x9FFF},    // Han
    {0xA9E0, 0xA9FF},    // Myanmar
    {0xAA60, 0xAA7F},    // Myanmar
    {0xF900, 0xFAFF},    // Han
    {0xFF66, 0xFF9F},    // Katakana of half width
    {0x1B000, 0x3FFFF},  // Kana and Han beyond the first plane
}};

constexpr std::array<Range, 9> kCjk = {{
    {0x3000, 0x303F},  // punctuation
    {0x3040, 0x312F},
    {0x31A0, 0x31FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE4F},  // punctuation of vertical text
    {0xFF00, 0xFFEF},  // full and half width
    {0x20000, 0x3FFFF},
}};

UChar32 icu(char32_t c) { return static_cast<UChar32>(c); }

}  // namespace

bool all_ascii(std::string_view text) {
  unsigned char bits = 0;  // of all bytes: without a way out the loop is done in wide steps
  for (const char c : text) bits |= static_cast<unsigned char>(c);
  return bits < 0x80;
}

CodePoint code_point_before(std::string_view text, std::size_t at) {
  if (at == 0 || at > text.size()) return {};
  for (std::size_t size = 1; size <= std::min<std::size_t>(4, at); ++size)
    if (const CodePoint c = code_point_at(text, at - size);
        c.size == size && (size > 1 || c.value != kReplacement))
      return c;
  return {kReplacement, 1};
}

void append_utf8(std::string& text, char32_t c) {
  std::uint8_t bytes[U8_MAX_LENGTH];
  std::size_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, icu(c));
  text.append(reinterpret_cast<const char*>(bytes), size);
}

bool is_space(char32_t c) {
  return c < 0x80 ? is_ascii_space(static_cast<char>(c)) : u_isUWhiteSpace(icu(c)) != 0;
}

bool is_word(char32_t c) {
  if (c < 0x80) return is_ascii_alnum(static_cast<char>(c));
  constexpr char32_t kNonJoiner = 0x200C, kJoiner = 0x200D, kSoftHyphen = 0x00AD;
  return (U_GET_GC_MASK(icu(c)) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0 || c == kNonJoiner ||
         c == kJoiner || c == kSoftHyphen;
}

bool is_combining(char32_t c) { return c >= 0x300 && (U_GET_GC_MASK(icu(c)) & U_GC_M_MASK) != 0; }

bool is_digit(char32_t c) { return c < 0x80 ? is_ascii_digit(static_cast<char>(c)) : u_isdigit(icu(c)) != 0; }

bool is_lower(char32_t c) {
  return c < 0x80 ? is_ascii_lower(static_cast<char>(c)) : u_isULowercase(icu(c)) != 0;
}

bool is_punctuation(char32_t c) {
  if (c < 0x80) return is_ascii_punctuation(static_cast<char>(c));
  return (U_GET_GC_MASK(icu(c)) & (U_GC_P_MASK | U_GC_S_MASK)) != 0;
}

bool is_opening(char32_t c) { return (U_GET_GC_MASK(icu(c)) & (U_GC_PS_MASK | U_GC_PI_MASK)) != 0; }

char32_t to_lower(char32_t c) { return static_cast<char32_t>(u_tolower(icu(c))); }

bool is_unspaced(char32_t c) { return c >= 0x0E00 && in_any(kUnspaced, c) && is_word(c); }

bool is_thai_or_lao(char32_t c) { return c >= 0x0E00 && c <= 0x0EFF; }

bool is_cjk(char32_t c) { return c >= 0x3000 && in_any(kCjk, c); }

}  // namespace film
