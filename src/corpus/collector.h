#pragma once
// Private to the module: documents in corpus order are numbered, written, indexed and counted.
#include <cstdint>
#include <vector>

#include "film/corpus/index.h"
#include "prepare.h"
#include "rejected_file.h"
#include "tally.h"

namespace film::corpus {

class Collector {
 public:
  // Keeps references. `limit`: documents to take; 0 = all.
  Collector(const cleaning::DuplicateSettings& duplicates, CorpusIndex& index, CorpusTally& tally,
            StoreWriter& writer, RejectedFile& rejected, std::uint64_t limit)
      : duplicates_(duplicates),
        index_(index),
        tally_(tally),
        writer_(writer),
        rejected_(rejected),
        limit_(limit) {}

  bool full() const { return limit_ > 0 && index_.documents() >= limit_; }

  // Of every document of a small corpus; empty for others.
  std::vector<std::uint64_t> keys() const {
    return keys_.size() == index_.documents() ? keys_ : std::vector<std::uint64_t>();
  }

  void take(PreparedBatch batch);

 private:
  void reject(const RejectedRow& row);
  bool repeats(const PreparedText& text);
  void add(PreparedDocument& document, std::size_t file);
  void index(const PreparedDocument& document);

  static constexpr std::size_t kSmall = 10'000;  // documents; larger corpora leave no split empty

  cleaning::DuplicateFinder duplicates_;
  CorpusIndex& index_;
  CorpusTally& tally_;
  StoreWriter& writer_;
  RejectedFile& rejected_;
  std::uint64_t limit_;
  std::vector<std::uint64_t> keys_;
};

}  // namespace film::corpus
