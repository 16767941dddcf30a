#include "chunk_cache.h"

#include <algorithm>
#include <utility>

namespace film::text {

bool ChunkCache::keep(const ChunkKey& key, std::span<const TokenId> ids) {
  if (ids.size() > ChunkSlot::kMostIds) return false;
  if (kept_ >= slots_.size() / 2 && slots_.size() < kMostSlots) grow();
  ChunkSlot slot;
  slot.key = key;
  slot.count = static_cast<std::uint32_t>(ids.size());
  std::copy(ids.begin(), ids.end(), slot.ids.begin());
  place(slot);
  return true;
}

void ChunkCache::place(const ChunkSlot& slot) {
  ChunkSlot* pair = &slots_[bucket(slot.key)];
  pair[1] = pair[0];
  pair[0] = slot;
  ++kept_;
}

void ChunkCache::grow() {
  const std::vector<ChunkSlot> old = std::exchange(slots_, std::vector<ChunkSlot>(4 * slots_.size()));
  kept_ = 0;
  for (const ChunkSlot& slot : old)
    if (slot.count != 0) place(slot);
}

const TokenIds* ChunkCache::find_long(std::string_view chunk) const {
  if (chunk.size() > kLongestChunk) return nullptr;
  const auto found = long_.find(chunk);
  return found == long_.end() ? nullptr : &found->second;
}

void ChunkCache::keep_long(std::string_view chunk, std::span<const TokenId> ids) {
  if (chunk.size() > kLongestChunk) return;
  constexpr std::size_t kOverhead = 128;  // nodes and headers of the containers
  const std::size_t bytes = chunk.size() + ids.size() * sizeof(TokenId) + kOverhead;
  if (long_bytes_ + bytes > kMostLongBytes) {
    long_.clear();
    long_bytes_ = 0;
  }
  if (long_.try_emplace(std::string(chunk), ids.begin(), ids.end()).second) long_bytes_ += bytes;
}

}  // namespace film::text
