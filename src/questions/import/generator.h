#pragma once
// `film qa --import`: questions and answers that people wrote, matched to evidence by context id
// or quoted text.
#include "../generator.h"

namespace film::questions {

class ImportGenerator : public Generator {
 public:
  explicit ImportGenerator(const QaSettings& settings)
      : file_(settings.import.file), split_(settings.import.split) {}
  Json identity() const override;
  // A row that cannot be placed is counted with its reason, and named in the log and in rejected.jsonl.
  void write(const Source& source, QuestionFiles& out, QaFacts& facts) override;
  std::string advice(const Tally& tally) const override;

 private:
  const fs::path file_;
  const SplitChoice split_;
};

}  // namespace film::questions
