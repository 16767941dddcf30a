#include "text_table.h"

#include <bit>

namespace film::text {
namespace {

constexpr std::uint64_t kBase = 0xD6E8FEB86659FD93U;

std::uint64_t next(std::uint64_t hash, char byte) {
  return hash * kBase + static_cast<unsigned char>(byte) + 1;
}

}  // namespace

TextTable::TextTable(std::size_t most) : slots_(std::bit_ceil(2 * most + 2)) {}

void TextTable::hash_beginnings(std::string_view text, std::vector<std::uint64_t>& hashes) {
  hashes.assign(1, 0);
  for (const char byte : text) hashes.push_back(next(hashes.back(), byte));
}

std::uint64_t TextTable::hash(std::string_view text) {
  std::uint64_t hash = 0;
  for (const char byte : text) hash = next(hash, byte);
  return hash;
}

std::vector<std::uint64_t> TextTable::powers(std::size_t longest) {
  std::vector<std::uint64_t> powers = {1};
  while (powers.size() <= longest) powers.push_back(powers.back() * kBase);
  return powers;
}

std::uint32_t TextTable::find(std::string_view text, std::uint64_t hash) const {
  const std::uint64_t mix = mixed(hash);
  for (std::size_t at = first(mix);; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.number == kNone) return kNone;
    if (slot.tag == static_cast<std::uint32_t>(hash) && slot.text == text) return slot.number;
  }
}

void TextTable::add(std::string_view text, std::uint64_t hash, std::uint32_t number) {
  std::size_t at = first(mixed(hash));
  while (slots_[at].number != kNone) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {text, number, static_cast<std::uint32_t>(hash)};
}

}  // namespace film::text
