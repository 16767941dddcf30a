#pragma once
// Which two characters may stand side by side inside a vocabulary piece. Between two that may not, no token
// can reach across: text is cut there, and the parts are encoded alone.
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "film/base/unicode.h"

namespace film::text {

constexpr char32_t kEscapedSpace = 0x2581;  // what SentencePiece writes for ' '

class PairTable {
 public:
  // Adds every adjacent pair of `piece`; false if the piece is not UTF-8.
  bool add_piece(std::string_view piece);

  bool joined(char32_t a, char32_t b) const {
    if ((a | b) < kAscii) return (ascii_[row(a, b)] >> (b & 63)) & 1;
    return find(pair(a, b));
  }

  // The first character of a text that is not empty, as joined() takes it.
  static char32_t first(std::string_view text) { return fold(code_point_at(text, 0).value); }
  // The end of the longest run from `begin` in which all neighbours are joined; begin < text.size().
  std::size_t chunk_end(std::string_view text, std::size_t begin) const;

  // Does any piece join `c` to a character before it (other than itself)? Or to any character at all?
  bool joined_after_other(char32_t c) const;
  bool joined_at_all(char32_t c) const;

 private:
  static constexpr char32_t kAscii = 128;
  static std::size_t row(char32_t a, char32_t b) { return (a << 1) | (b >> 6); }
  // A literal U+2581 in a text is indistinguishable from an escaped space.
  static char32_t fold(char32_t c) { return c == kEscapedSpace ? U' ' : c; }
  static std::uint64_t pair(char32_t a, char32_t b) { return (std::uint64_t{a} << 32) | b; }
  std::size_t slot(std::uint64_t key) const {
    return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15U) >> 32) & (others_.size() - 1);
  }
  bool find(std::uint64_t key) const;
  void add(char32_t a, char32_t b);
  void insert(std::uint64_t key);

  std::array<std::uint64_t, 2 * kAscii> ascii_{};  // one bit for each pair of ASCII characters
  std::vector<std::uint64_t> others_ = std::vector<std::uint64_t>(64);  // open addressing; 0 = free
  std::size_t count_ = 0;
  std::vector<std::uint64_t> all_;  // every pair once, for the questions asked when loading
};

}  // namespace film::text
