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

// Prepares the shard's files, neighbours in the list with about as many bytes as those of every other shard (a file is in one
// shard, so of more shards than files some are empty), and writes kShardFile into `folder`. Throws as build_corpus does.
ShardFacts prepare_shard(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                         const text::Tokenizer& tokenizer, const fs::path& folder, std::uint64_t seed,
                         int threads, const CorpusNeeds& needs, const Shard& shard);

}  // namespace film::corpus
