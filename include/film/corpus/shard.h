#pragma once
// A corpus in parts that are prepared apart, on one machine or on several, and put together into the same bytes.
#include <cstdint>
#include <string>
#include <vector>

#include "film/corpus/build.h"

namespace film::corpus {

struct Shard {
  std::uint32_t number = 1, count = 1;  // number: from 1 to count
  std::string name() const { return std::to_string(number) + "-of-" + std::to_string(count); }
};

// Its file in the folder of a shard.
inline constexpr const char* kShardFile = "prepared.bin";

// Prepares the shard's rows, neighbours in the list of files that take about as many bytes as those of every other shard, and
// writes kShardFile into `folder`. Of a file that begins in an earlier shard all rows before its own are read, not prepared; a
// file that is one document is in one shard. Throws as build_corpus does.
ShardFacts prepare_shard(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                         const text::Tokenizer& tokenizer, const fs::path& folder, std::uint64_t seed,
                         int threads, const CorpusNeeds& needs, const Shard& shard);

}  // namespace film::corpus
