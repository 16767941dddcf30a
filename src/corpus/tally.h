#pragma once
// Private to the module: counts of what became of the corpus.
#include <array>
#include <map>
#include <string>
#include <vector>

#include "documents.h"
#include "film/corpus/index.h"
#include "film/corpus/settings.h"
#include "film/records/synth_facts.h"
#include "film/sources/reject_tally.h"
#include "film/text/tokenizer.h"
#include "source_hashes.h"
#include "store_writer.h"

namespace film::corpus {

class CorpusTally {
 public:
  explicit CorpusTally(const std::vector<sources::SourceFile>& files);  // keeps a reference
  void count(std::size_t file, const StoredDocument& document);
  void count(const RejectedRow& row);
  void leave_out(const RejectedRow& row);
  void note(const std::string& reason, std::uint64_t documents);  // as Documents::noted
  void recount(const CorpusIndex& index);                         // by split, after documents changed theirs
  // Throws bad_data: more than this fraction of the rows, blank ones aside, are no documents.
  void require_few_rejected(double most) const;
  void tell() const;  // in the log: what was rejected, and what is not as the files say

  // What to do when no document is left.
  std::string advice() const;
  // Writes documents/sources.jsonl, one line a corpus file with its hash; returns its path in the DATA folder.
  fs::path write_sources(const fs::path& data, SourceHashes& hashes, int threads) const;
  // Sets tokenizer, token_bytes, corpus and needles.
  void set_facts(const CorpusSettings& settings, const text::Tokenizer& tokenizer, SynthFacts& facts) const;

 private:
  struct FileCounts {
    std::uint64_t documents = 0, rejected = 0;
  };
  CorpusFacts corpus_facts(const CorpusSettings& settings) const;

  const std::vector<sources::SourceFile>& files_;
  CorpusCountsBySplit splits_;
  std::vector<FileCounts> by_file_;
  sources::RejectTally rejects_;
  std::string first_reject_;          // "where: reason: detail"
  std::vector<std::string> further_;  // of the first of each other reason: "reason at where: detail"
  std::map<std::string, std::uint64_t> noted_, left_out_;
  std::map<std::string, std::uint64_t> values_;  // needles by attribute
  std::uint32_t longest_ = 0, shortest_ = UINT32_MAX;
  CutFacts cuts_;
};

}  // namespace film::corpus
