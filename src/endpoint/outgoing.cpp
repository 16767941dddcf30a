#include "outgoing.h"

namespace film::endpoint {

ChatResult result_of(const Outgoing& outgoing, ChatOutcome outcome, Verdict verdict, double now) {
  ChatResult result;
  result.id = outgoing.request.id;
  result.outcome = outcome;
  result.text = std::move(verdict.text);
  result.reason = outcome == ChatOutcome::ok ? Reason::none : verdict.reason;
  result.detail = std::move(verdict.detail);
  result.model = std::move(verdict.model);
  result.usage = verdict.usage;
  result.logprobs = std::move(verdict.logprobs);
  result.attempts = outgoing.attempts;
  result.unknown = outgoing.unknown;
  result.seconds = now - outgoing.first_start;
  return result;
}

}  // namespace film::endpoint
