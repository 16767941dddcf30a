#include "pair_table.h"

#include <algorithm>

namespace film::text {

bool PairTable::add_piece(std::string_view piece) {
  char32_t previous = 0;
  for (std::size_t at = 0; at < piece.size();) {
    const CodePoint c = code_point_at(piece, at);
    if (c.value == kReplacement && c.size == 1) return false;
    if (at > 0) add(previous, fold(c.value));
    previous = fold(c.value);
    at += c.size;
  }
  return true;
}

void PairTable::add(char32_t a, char32_t b) {
  if (joined(a, b)) return;
  all_.push_back(pair(a, b));
  if ((a | b) < kAscii) {
    ascii_[row(a, b)] |= std::uint64_t{1} << (b & 63);
    return;
  }
  if (2 * ++count_ > others_.size()) {
    const std::vector<std::uint64_t> old(std::move(others_));
    others_.assign(4 * old.size(), 0);
    for (const std::uint64_t key : old)
      if (key != 0) insert(key);
  }
  insert(pair(a, b));
}

void PairTable::insert(std::uint64_t key) {
  std::size_t at = slot(key);
  while (others_[at] != 0) at = (at + 1) & (others_.size() - 1);
  others_[at] = key;
}

bool PairTable::find(std::uint64_t key) const {
  for (std::size_t at = slot(key);; at = (at + 1) & (others_.size() - 1)) {
    if (others_[at] == key) return true;
    if (others_[at] == 0) return false;
  }
}

std::size_t PairTable::chunk_end(std::string_view text, std::size_t begin) const {
  const CodePoint first = code_point_at(text, begin);
  char32_t previous = fold(first.value);
  std::size_t at = begin + first.size;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((previous | byte) < kAscii) {
      if (!((ascii_[row(previous, byte)] >> (byte & 63)) & 1)) break;
      previous = byte;
      ++at;
      continue;
    }
    const CodePoint c = code_point_at(text, at);
    const char32_t code = fold(c.value);
    if (!joined(previous, code)) break;
    previous = code;
    at += c.size;
  }
  return at;
}

bool PairTable::joined_after_other(char32_t c) const {
  return std::any_of(all_.begin(), all_.end(),
                     [&](std::uint64_t key) { return (key & 0xFFFFFFFF) == c && (key >> 32) != c; });
}

bool PairTable::joined_at_all(char32_t c) const {
  return std::any_of(all_.begin(), all_.end(),
                     [&](std::uint64_t key) { return (key & 0xFFFFFFFF) == c || (key >> 32) == c; });
}

}  // namespace film::text
