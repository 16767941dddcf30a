#include "service.h"

#include <utility>

#include "request_body.h"

namespace film::endpoint {

Service::Service(const EndpointSettings& chosen, std::vector<ApiKey> keys, Transport& network,
                 AnswerJournal* answers, std::uint64_t jitter_seed)
    : settings(chosen),
      transport(network),
      journal(answers),
      budget(settings, answers != nullptr ? answers->cost() : 0),
      retries(settings.retry_share),
      servers(settings, std::move(keys), budget, answers != nullptr && answers->size() > 0, jitter_seed) {}

Outgoing Service::prepare(ChatRequest request) const {
  Outgoing outgoing;
  outgoing.body = request_body(settings, request);
  outgoing.max_tokens = max_tokens(settings, request);
  if (journal != nullptr) outgoing.keys = request_keys(settings, request.prompt_version, outgoing.body);
  outgoing.body = with_stream_field(std::move(outgoing.body), settings);  // no part of the key
  outgoing.request = std::move(request);
  return outgoing;
}

std::optional<ChatResult> Service::known(const std::vector<RequestKey>& keys, const std::string& id) const {
  if (journal == nullptr) return {};
  std::optional<ChatResult> result = journal->find(keys);
  if (!result) return {};
  result->id = id;
  // An answer that an earlier run was told to reject may be accepted by this one.
  if (result->reason == Reason::length && settings.keep_truncated && !result->text.empty()) {
    result->outcome = ChatOutcome::ok;
    result->reason = Reason::none;
  }
  return result;
}

}  // namespace film::endpoint
