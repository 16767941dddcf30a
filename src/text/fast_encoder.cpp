#include "fast_encoder.h"

#include <algorithm>

namespace film::text {
namespace {

constexpr std::size_t kBytesPerToken = 3;  // about, for the first allocation

}  // namespace

// Collects ids in a small buffer: a slot's ids are copied all three at once, whatever their number.
class FastEncoder::Writer {
 public:
  explicit Writer(TokenIds& ids) : ids_(ids) {}
  void write(const ChunkSlot& slot) {
    if (size_ + ChunkSlot::kMostIds > buffer_.size()) flush();
    std::copy_n(slot.ids.begin(), ChunkSlot::kMostIds, buffer_.begin() + size_);
    size_ += slot.count;
  }
  void write(std::span<const TokenId> ids) {
    flush();
    ids_.insert(ids_.end(), ids.begin(), ids.end());
  }
  void flush() {
    ids_.insert(ids_.end(), buffer_.begin(), buffer_.begin() + size_);
    size_ = 0;
  }

 private:
  TokenIds& ids_;
  std::array<TokenId, 1024> buffer_;
  std::uint32_t size_ = 0;
};

TokenIds FastEncoder::encode(std::string_view lead, std::string_view text) const {
  TokenIds ids;
  if (text.empty()) return ids;
  ids.reserve(text.size() / kBytesPerToken + 8);
  CachePool::Lease cache(pool_);
  Writer writer(ids);
  if (!lead.empty()) {
    // The lead belongs to the first chunk where they are joined; a chunk of its own otherwise.
    const std::size_t end = pairs_.joined(U' ', pairs_.first(text)) ? pairs_.chunk_end(text, 0) : 0;
    encode_run(std::string(lead).append(text.substr(0, end)), *cache, writer);
    text.remove_prefix(end);
  }
  encode_run(text, *cache, writer);
  writer.flush();
  return ids;
}

// The cache is larger than the processor's: chunks are cut a few ahead of those that are looked up, while their slots come.
void FastEncoder::encode_run(std::string_view text, ChunkCache& cache, Writer& writer) const {
  std::array<Chunk, kAhead> chunks;
  std::size_t cut = 0, written = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    if (cut == written + kAhead) encode_chunk(chunks[written++ % kAhead], cache, writer);
    const std::size_t size = pairs_.chunk_end(text, begin) - begin;
    Chunk& chunk = chunks[cut++ % kAhead];
    chunk.text = text.substr(begin, size);
    if (size <= ChunkKey::kLongest) {
      chunk.key = ChunkKey::of(chunk.text.data(), size, text.size() - begin);
      cache.prefetch(chunk.key);
    }
    begin += size;
  }
  while (written < cut) encode_chunk(chunks[written++ % kAhead], cache, writer);
}

void FastEncoder::encode_chunk(const Chunk& chunk, ChunkCache& cache, Writer& writer) const {
  if (chunk.text.size() > ChunkKey::kLongest)
    encode_new(chunk.text, nullptr, cache, writer);
  else if (const ChunkSlot* slot = cache.find(chunk.key))
    writer.write(*slot);
  else
    encode_new(chunk.text, &chunk.key, cache, writer);
}

void FastEncoder::encode_new(std::string_view chunk, const ChunkKey* key, ChunkCache& cache,
                             Writer& writer) const {
  if (const TokenIds* known = cache.find_long(chunk)) return writer.write(*known);
  PieceMerger::Buffer buffer;
  TokenIds whole;
  std::span<const TokenId> ids = merger_.merge(chunk, buffer);
  if (ids.empty()) {
    encode_whole(processor_.get(), chunk, whole);
    ids = whole;
  }
  writer.write(ids);
  if (key == nullptr || !cache.keep(*key, ids)) cache.keep_long(chunk, ids);
}

}  // namespace film::text
