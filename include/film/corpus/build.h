#pragma once
// The first half of `film synth`: corpus files -> segment store.
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "film/base/files.h"
#include "film/corpus/index.h"
#include "film/corpus/settings.h"
#include "film/records/synth_facts.h"
#include "film/sources/files.h"
#include "film/text/tokenizer.h"

namespace film::corpus {

// The files of settings.inputs; throws as sources::list_files does.
std::vector<sources::SourceFile> list_corpus_files(const CorpusSettings& settings);

// What contexts need of a corpus.
struct CorpusNeeds {
  // Documents that a split must have, by split, 0 where no context is wanted of it. Only a split that would have none is
  // given some: in a small corpus chance may leave it empty.
  std::array<std::uint32_t, kSplits.size()> documents{};
  bool fillers = false;  // contexts hold segments of other documents
};

struct CorpusResult {
  CorpusIndex index;
  std::vector<fs::path> files;  // written, relative to the DATA folder
  SynthFacts facts;             // tokenizer, token_bytes, corpus and needles are set
};

// A part of the corpus on disk, prepared apart (shard.h).
struct PreparedShard {
  fs::path file;
  ShardFacts facts;
};

// Reads at most `limit` documents (0 = all) and writes the store into `data`. The bytes depend on the corpus, the
// tokenizer, the settings and the seed, not on `threads`. With `shards`, all of the corpus in order, files are not read. Throws no_input when no document is left, bad_data for a
// tokenizer whose lines cannot be encoded apart, stopped on a signal.
CorpusResult build_corpus(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                          const text::Tokenizer& tokenizer, const fs::path& data, std::uint64_t seed,
                          int threads, std::uint64_t limit, const CorpusNeeds& needs = {},
                          const std::vector<PreparedShard>& shards = {});

// Hash of a document's text: the key of its split and needles, so that exact copies stay in one split.
std::uint64_t document_key(std::string_view text);
std::vector<std::uint64_t> document_keys(std::span<const std::string_view> texts);  // of each
Split split_of(std::uint64_t document_key, const SplitSettings& settings, std::uint64_t seed);

}  // namespace film::corpus
