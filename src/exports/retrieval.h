#pragma once
// Private to the module: the layout of BEIR (Thakur et al. 2021): corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv.
#include <memory>
#include <set>
#include <vector>

#include "rows.h"

namespace film::exports {

// Every segment of the contexts is a document once; a question's evidence is relevant to it.
class RetrievalWriter {
 public:
  explicit RetrievalWriter(const fs::path& out);
  bool add(const AskedQuestion& asked);  // false: no segment answers it, so it is left out
  std::vector<fs::path> finish();        // commits; the files, relative to the folder

 private:
  AtomicFile& relevance(Split split);

  fs::path out_;
  AtomicFile corpus_, queries_;
  std::array<std::unique_ptr<AtomicFile>, kSplits.size()> relevance_;  // by split
  std::set<std::uint32_t> written_;                                    // segments
};

}  // namespace film::exports
