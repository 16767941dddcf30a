#pragma once
// A folder that `film benchmark` wrote, opened for reading. Layout: docs/formats.md.
#include "film/base/files.h"
#include "film/records/benchmark_facts.h"

namespace film::folders {

class BenchmarkFolder {
 public:
  // Throws no_input (no finished benchmark in `folder`) and bad_data, with the file and the key at fault.
  explicit BenchmarkFolder(const fs::path& folder);

  const fs::path& path() const { return path_; }
  const BenchmarkFacts& facts() const { return facts_; }

 private:
  fs::path path_;
  BenchmarkFacts facts_;
};

}  // namespace film::folders
