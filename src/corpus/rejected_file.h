#pragma once
// Private to the module: documents/rejected.jsonl, what of the corpus is not in the store and why.
#include <memory>
#include <vector>

#include "documents.h"
#include "film/base/files.h"

namespace film::corpus {

// One line a row, in corpus order; no file where nothing was rejected.
class RejectedFile {
 public:
  explicit RejectedFile(fs::path data) : data_(std::move(data)) {}
  void add(const RejectedRow& row);
  void finish(std::vector<fs::path>& files);  // commits, and appends its path in the DATA folder

 private:
  fs::path data_;
  std::unique_ptr<AtomicFile> file_;
};

}  // namespace film::corpus
