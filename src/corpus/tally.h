#pragma once
// Private to the room: counts of what became of the corpus.
#include <array>
#include <map>
#include <string>
#include <vector>

#include "film/corpus/files.h"
#include "film/corpus/reader.h"
#include "film/corpus/store.h"

namespace film::corpus {

class CorpusTally {
 public:
  explicit CorpusTally(const std::vector<CorpusFile>& files);
  void count(std::size_t file, const StoredDocument& document);
  void count(const CorpusReject& reject);

  // What to do when no document is left.
  std::string advice() const;
  // Writes documents/sources.jsonl, one line a corpus file with its hash; returns its path in the DATA
  // folder.
  fs::path write_sources(const fs::path& data, int threads) const;
  Json facts(const CorpusSettings& settings, const text::Tokenizer& tokenizer) const;

 private:
  struct Counts {
    std::uint64_t documents = 0, segments = 0, tokens = 0, planted = 0;
    Json json() const;
  };
  struct FileCounts {
    std::uint64_t documents = 0, rejected = 0;
  };
  const std::vector<CorpusFile>& files_;
  std::array<Counts, kSplits> splits_;
  std::vector<FileCounts> by_file_;
  std::map<std::string, std::uint64_t> reasons_;
  std::vector<std::string> examples_;            // of rejects
  std::map<std::string, std::uint64_t> values_;  // planted, by attribute
  std::uint32_t longest_ = 0, shortest_ = UINT32_MAX;
};

}  // namespace film::corpus
