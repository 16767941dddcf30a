#pragma once
// Chunk of text -> ids, for one thread at a time, within a fixed amount of memory. Nearly all chunks of
// natural text are short: their bytes and ids lie together in one cache line.
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "film/text/tokenizer.h"

namespace film::text {

// A chunk of at most 15 bytes, padded with zeros; its length is the last byte.
struct ChunkKey {
  static constexpr std::size_t kLongest = 15;
  std::array<std::uint64_t, 2> words{};
  // Word by word: the compiler would call memcmp for the arrays.
  bool operator==(const ChunkKey& other) const {
    return ((words[0] ^ other.words[0]) | (words[1] ^ other.words[1])) == 0;
  }

  // The first `size` bytes at `bytes`, of which `readable` may be read.
  static ChunkKey of(const char* bytes, std::size_t size, std::size_t readable);
  std::uint64_t hash() const;
};

struct alignas(32) ChunkSlot {
  static constexpr std::size_t kMostIds = 3;
  ChunkKey key;  // all zero: free
  std::uint32_t count = 0;
  std::array<TokenId, kMostIds> ids{};
};
static_assert(sizeof(ChunkSlot) == 32);

class ChunkCache {
 public:
  ChunkCache() : slots_(kFirstSlots) {}

  const ChunkSlot* find(const ChunkKey& key) const {
    const ChunkSlot* pair = &slots_[bucket(key)];
    if (pair[0].key == key) return pair;
    return pair[1].key == key ? pair + 1 : nullptr;
  }
  // The slots of the key come into the processor's cache.
  void prefetch(const ChunkKey& key) const { __builtin_prefetch(&slots_[bucket(key)]); }
  // Keeps ids of a short chunk; false if there are too many of them.
  bool keep(const ChunkKey& key, std::span<const TokenId> ids);

  // The same for chunks that are longer or have more ids. Returns null when unknown.
  const TokenIds* find_long(std::string_view chunk) const;
  void keep_long(std::string_view chunk, std::span<const TokenId> ids);

 private:
  static constexpr std::size_t kFirstSlots = std::size_t{1} << 12;  // 128 KiB
  static constexpr std::size_t kMostSlots = std::size_t{1} << 18;   // 8 MiB
  static constexpr std::size_t kLongestChunk = 1024;
  static constexpr std::size_t kMostLongBytes = std::size_t{8} << 20;

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  // Two slots make a bucket; a newcomer takes the first and moves its holder to the second.
  std::size_t bucket(const ChunkKey& key) const { return (key.hash() & (slots_.size() / 2 - 1)) * 2; }
  void place(const ChunkSlot& slot);
  void grow();

  std::vector<ChunkSlot> slots_;
  std::size_t kept_ = 0;
  std::unordered_map<std::string, TokenIds, Hash, std::equal_to<>> long_;
  std::size_t long_bytes_ = 0;
};

inline ChunkKey ChunkKey::of(const char* bytes, std::size_t size, std::size_t readable) {
  // The bytes wanted are selected by a window that slides over 16 ones and 16 zeros.
  static constexpr std::array<std::uint64_t, 4> kWindow = {~0ULL, ~0ULL, 0, 0};
  ChunkKey key;
  if (readable < sizeof key.words) {
    std::memcpy(key.words.data(), bytes, size);
  } else {
    std::array<std::uint64_t, 2> mask;
    std::memcpy(key.words.data(), bytes, sizeof mask);
    std::memcpy(mask.data(), reinterpret_cast<const char*>(kWindow.data()) + sizeof mask - size, sizeof mask);
    key.words[0] &= mask[0];
    key.words[1] &= mask[1];
  }
  static_assert(std::endian::native == std::endian::little);
  key.words[1] |= std::uint64_t{size} << 56;
  return key;
}

inline std::uint64_t ChunkKey::hash() const {
  const auto product =
      static_cast<unsigned __int128>(words[0] ^ 0xA0761D6478BD642FU) * (words[1] ^ 0xE7037ED1A0B428DBU);
  const std::uint64_t folded =
      static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  return folded ^ (folded >> 32);
}

}  // namespace film::text
