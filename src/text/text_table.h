#pragma once
// Short texts -> numbers, for many questions about the beginnings and ends of a text: their hashes come from those of its
// beginnings, one multiplication each.
#include <cstdint>
#include <string_view>
#include <vector>

namespace film::text {

class TextTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  explicit TextTable(std::size_t most);  // so many texts at most

  // The hashes of text[0, i) for every i up to the whole.
  static void hash_beginnings(std::string_view text, std::vector<std::uint64_t>& hashes);
  static std::uint64_t hash(std::string_view text);
  // Of what follows the first `at` bytes; `powers` from powers(longest).
  static std::uint64_t hash_of_end(const std::vector<std::uint64_t>& hashes, std::size_t at,
                                   const std::vector<std::uint64_t>& powers) {
    return hashes.back() - hashes[at] * powers[hashes.size() - 1 - at];
  }
  static std::vector<std::uint64_t> powers(std::size_t longest);

  // The number of a text, or kNone.
  std::uint32_t find(std::string_view text, std::uint64_t hash) const;
  // Of a text that is not in it yet. It must outlive this.
  void add(std::string_view text, std::uint64_t hash, std::uint32_t number);

 private:
  struct Slot {
    std::string_view text;
    std::uint32_t number = kNone, tag = 0;  // tag: bits of the hash
  };
  static std::uint64_t mixed(std::uint64_t hash) { return hash * 0x9E3779B97F4A7C15U; }
  std::size_t first(std::uint64_t mix) const {
    return static_cast<std::size_t>(mix >> 20) & (slots_.size() - 1);
  }
  std::vector<Slot> slots_;  // open addressing
};

}  // namespace film::text
