#pragma once
// An EVAL folder that `film eval` wrote, opened for reading. Layout: docs/formats.md.
#include "film/base/files.h"
#include "film/base/json.h"
#include "film/base/manifest.h"
#include "film/records/run_facts.h"
#include "film/records/samples.h"

namespace film::folders {

constexpr const char* kSamplesFile = "samples.jsonl";

class EvalFolder {
 public:
  // Throws no_input (no finished evaluation in `folder`) and bad_data, with the file and the key at fault.
  explicit EvalFolder(const fs::path& folder);

  const fs::path& path() const { return path_; }
  const EvalFacts& facts() const { return facts_; }
  const std::vector<ManifestFile>& files() const { return manifest_.files(); }  // results
  fs::path report() const { return path_ / facts_.report; }
  // Throws bad_data: predictions or scores are not as film eval wrote them.
  void require_unchanged() const;
  Json scores() const;                        // scores.json; throws as require_unchanged() does
  std::vector<AnswerSample> samples() const;  // samples.jsonl; none where an earlier version wrote the folder

 private:
  fs::path path_;
  Manifest manifest_;
  EvalFacts facts_;
};

}  // namespace film::folders
