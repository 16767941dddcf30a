#pragma once
// Questions without any model: made from the text by rule.
#include "../generator.h"

namespace film::questions {

class OfflineGenerator : public Generator {
 public:
  explicit OfflineGenerator(const QaSettings& settings) : settings_(settings) {}
  Json identity() const override { return Json::object(); }
  void write(const Source& source, QuestionFiles& out, QaFacts& facts) override;
  std::string advice(const Tally& tally) const override;

 private:
  const QaSettings& settings_;
};

}  // namespace film::questions
