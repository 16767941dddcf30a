#pragma once
// What a corpus will give, from a sample of it: nothing is written.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "film/corpus/build.h"

namespace film::corpus {

struct FileCount {
  std::uint64_t files = 0, bytes = 0;
};

struct CorpusPlan {
  std::map<std::string, FileCount> kinds;  // files by kind
  double sampled = 1;                      // fraction of the bytes that were read; 1: the numbers are counted
  // Of all of the corpus; duplicates are still among them.
  std::uint64_t documents = 0, segments = 0, tokens = 0,
                document_bytes = 0;          // bytes: of documents/part-*.jsonl
  std::map<std::string, std::uint64_t> odd;  // rows that are none or left out, by reason
  double core_seconds = 0;
};

// Reads the beginnings of up to 32 files, evenly spaced in the list, up to 16 MiB in all. Throws as build_corpus does.
CorpusPlan plan_corpus(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                       const text::Tokenizer& tokenizer, std::uint64_t seed, const CorpusNeeds& needs);

}  // namespace film::corpus
