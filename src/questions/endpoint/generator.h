#pragma once
// Questions that a model behind an endpoint writes.
#include "../generator.h"
#include "prompts.h"

namespace film::questions {

class EndpointGenerator : public Generator {
 public:
  explicit EndpointGenerator(const QaSettings& settings)
      : settings_(settings), prompts_(settings.endpoint.prompts) {}
  Json identity() const override;
  // Journals into journal.jsonl of the folder of `out`. Throws as EndpointClient::run does.
  void write(const Source& source, QuestionFiles& out, QaFacts& facts) override;
  std::string advice(const Tally& tally) const override;

 private:
  const QaSettings& settings_;
  const Prompts prompts_;
};

}  // namespace film::questions
