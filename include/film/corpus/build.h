#pragma once
// The first half of `film synth`: corpus files -> segment store.
#include <cstdint>
#include <vector>

#include "film/corpus/files.h"
#include "film/corpus/settings.h"
#include "film/corpus/store.h"
#include "film/text/tokenizer.h"

namespace film::corpus {

// What drawing contexts needs to know of the store: 9 bytes a document and 8 (10 with records) a segment.
struct CorpusIndex {
  std::vector<std::uint64_t> first_segment = {0};  // of each document, and one past the last segment
  std::vector<Split> split;                        // of each document
  std::vector<std::uint32_t> tokens;               // of each segment
  std::vector<std::uint32_t> document;             // of each segment
  std::vector<std::uint16_t> attribute;  // of each segment: 0 = no record, else 1 + attribute number;
                                         // empty when records are off

  std::size_t documents() const { return split.size(); }
  std::size_t segments() const { return tokens.size(); }
  std::uint16_t attribute_of(std::uint64_t segment) const {
    return attribute.empty() ? 0 : attribute[segment];
  }
};

struct CorpusResult {
  CorpusIndex index;
  std::vector<fs::path> files;  // written, relative to the DATA folder
  Json facts;                   // for the manifest
};

// Reads at most `limit` documents (0 = all) and writes the store into `data`. The bytes depend on the corpus,
// the tokenizer, the settings and the seed, not on `threads`. Throws no_input when no document is left,
// bad_data for a tokenizer whose lines cannot be encoded apart, stopped on a signal.
CorpusResult build_corpus(const std::vector<CorpusFile>& files, const CorpusSettings& settings,
                          const text::Tokenizer& tokenizer, const fs::path& data, std::uint64_t seed,
                          int threads, std::uint64_t limit);

// Hash of a document's text: the key of its split and records, so that exact copies stay in one split.
std::uint64_t document_key(std::string_view text);
Split split_of(std::uint64_t document_key, const SplitSettings& settings, std::uint64_t seed);

}  // namespace film::corpus
