#pragma once
// Cuts text where no token can reach across, remembers the ids of each chunk, merges the pieces of new ones;
// SentencePiece is asked for what the merger leaves to it.
#include "bare_processor.h"
#include "cache_pool.h"
#include "pair_table.h"
#include "piece_merger.h"

namespace film::text {

class FastEncoder {
 public:
  // Both must outlive this.
  FastEncoder(const ModelFile& file, const PairTable& pairs, const BareProcessor& processor)
      : pairs_(pairs), merger_(file), processor_(processor) {}

  // Ids of `lead` + `text`; lead is "" or " ".
  TokenIds encode(std::string_view lead, std::string_view text) const;

 private:
  class Writer;
  struct Chunk {
    std::string_view text;
    ChunkKey key;  // of a short one
  };
  static constexpr std::size_t kAhead = 8;
  void encode_run(std::string_view text, ChunkCache& cache, Writer& writer) const;
  void encode_chunk(const Chunk& chunk, ChunkCache& cache, Writer& writer) const;
  void encode_new(std::string_view chunk, const ChunkKey* key, ChunkCache& cache, Writer& writer) const;

  const PairTable& pairs_;
  const PieceMerger merger_;
  const BareProcessor& processor_;
  mutable CachePool pool_;
};

}  // namespace film::text
