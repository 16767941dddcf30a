#pragma once
// Caches lent to whoever encodes, one each. They outlive threads, so a thread pool started anew finds them
// warm, and there are never more than calls that ran at the same time.
#include <array>
#include <atomic>
#include <memory>

#include "chunk_cache.h"

namespace film::text {

class CachePool {
 public:
  CachePool() = default;
  ~CachePool();
  CachePool(const CachePool&) = delete;
  CachePool& operator=(const CachePool&) = delete;

  class Lease {
   public:
    explicit Lease(CachePool& pool) : pool_(pool), cache_(pool.take()) {}
    ~Lease() { pool_.give_back(std::move(cache_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ChunkCache& operator*() const { return *cache_; }

   private:
    CachePool& pool_;
    std::unique_ptr<ChunkCache> cache_;
  };

 private:
  // Every thread has a place of its own to look first, so that threads rarely touch the same line.
  struct alignas(64) Place {
    std::atomic<ChunkCache*> cache = nullptr;
  };
  static constexpr std::size_t kPlaces = 256;

  std::unique_ptr<ChunkCache> take();
  void give_back(std::unique_ptr<ChunkCache> cache) noexcept;

  std::array<Place, kPlaces> places_;
};

}  // namespace film::text
