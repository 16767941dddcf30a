#include "generator.h"

#include "asking.h"

namespace film::questions {

Json EndpointGenerator::identity() const { return {{"prompts", to_json(prompts_.versions())}}; }

void EndpointGenerator::write(const Source& source, QuestionFiles& out, QaFacts& facts) {
  endpoint::EndpointClient client(settings_.endpoint.server, out.folder() / "journal.jsonl");
  Asking asking(source, settings_, prompts_, client, out);
  asking.run();
  facts.endpoint = asking.facts();
  facts.prompts = prompts_.versions();
  facts.groups = asking.plan().groups();
}

std::string EndpointGenerator::advice(const Tally& tally) const {
  if (tally.rejected_for(RejectReason::thinking) || tally.rejected_for(RejectReason::length))
    return "raise endpoint.max_tokens, or switch the model's reasoning off (endpoint.extra_body)";
  return "see rejected.jsonl; fix the prompts or relax the filters (endpoint.prompts, endpoint.filters)";
}

}  // namespace film::questions
