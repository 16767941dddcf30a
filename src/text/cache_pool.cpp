#include "cache_pool.h"

namespace film::text {
namespace {
std::size_t own_place() {
  static std::atomic<std::size_t> threads = 0;
  thread_local const std::size_t place = threads.fetch_add(1, std::memory_order_relaxed);
  return place;
}
}  // namespace

CachePool::~CachePool() {
  for (Place& place : places_) delete place.cache.load();
}

std::unique_ptr<ChunkCache> CachePool::take() {
  for (std::size_t i = 0; i < kPlaces; ++i) {
    std::atomic<ChunkCache*>& place = places_[(own_place() + i) % kPlaces].cache;
    if (place.load(std::memory_order_relaxed) == nullptr) continue;
    if (ChunkCache* cache = place.exchange(nullptr, std::memory_order_acquire))
      return std::unique_ptr<ChunkCache>(cache);
  }
  return std::make_unique<ChunkCache>();
}

void CachePool::give_back(std::unique_ptr<ChunkCache> cache) noexcept {
  for (std::size_t i = 0; i < kPlaces; ++i) {
    std::atomic<ChunkCache*>& place = places_[(own_place() + i) % kPlaces].cache;
    ChunkCache* empty = nullptr;
    if (place.compare_exchange_strong(empty, cache.get(), std::memory_order_release)) {
      static_cast<void>(cache.release());
      return;
    }
  }
}

}  // namespace film::text
