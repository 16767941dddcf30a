#include "service.h"

#include <utility>

#include "request_body.h"

namespace film::endpoint {

Service::Service(const EndpointSettings& chosen, std::vector<ApiKey> keys, Transport& network,
                 AnswerJournal* answers, std::uint64_t jitter_seed)
    : settings(chosen),
      identities(key_identities(settings)),
      transport(network),
      journal(answers),
      budget(settings, answers != nullptr ? answers->cost() : 0),
      retries(settings.retry_share),
      servers(settings, std::move(keys), budget, answers != nullptr && answers->size() > 0, jitter_seed),
      holds_older_(answers != nullptr && answers->size() > 0) {}

// Keys of journals of format 1 are made only where one of them could be found.
std::vector<RequestKey> Service::keys_of(const std::string& prompt_version, const std::string& body) const {
  std::vector<RequestKey> keys = {request_key(identities.front(), prompt_version, body)};
  if (holds_older_ && !journal->contains(keys.front()))
    for (std::size_t i = 1; i < identities.size(); ++i)
      keys.push_back(request_key(identities[i], prompt_version, body));
  return keys;
}

std::vector<RequestKey> Service::keys(const ChatRequest& request) const {
  if (journal == nullptr) return {};
  return keys_of(request.prompt_version, request_body(settings, request));
}

Outgoing Service::prepare(ChatRequest request) const {
  Outgoing outgoing;
  outgoing.body = request_body(settings, request);
  outgoing.max_tokens = max_tokens(settings, request);
  if (journal != nullptr) outgoing.keys = keys_of(request.prompt_version, outgoing.body);
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
