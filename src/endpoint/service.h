#pragma once
// What outlives a run: the servers, the budgets and the journal. A second run must not forget what the servers have
// just said, nor what was spent.
#include <optional>
#include <string>
#include <vector>

#include "budget.h"
#include "journal.h"
#include "outgoing.h"
#include "retry_budget.h"
#include "servers.h"
#include "transport.h"

namespace film::endpoint {

struct Service {
  // `journal` may be null. `jitter_seed` has no influence on results.
  Service(const EndpointSettings& settings, std::vector<ApiKey> keys, Transport& transport,
          AnswerJournal* journal, std::uint64_t jitter_seed);
  Service(const Service&) = delete;  // servers refer to the budget
  Service& operator=(const Service&) = delete;

  Outgoing prepare(ChatRequest request) const;
  // Under which an answer to the request would be in the journal; none without one.
  std::vector<RequestKey> keys(const ChatRequest& request) const;
  // The journal's result for a request with these keys, with `id` as its own; or nothing.
  std::optional<ChatResult> known(const std::vector<RequestKey>& keys, const std::string& id) const;

  const EndpointSettings settings;
  const std::vector<std::string> identities;  // key_identities()
  Transport& transport;
  AnswerJournal* const journal;
  Budget budget;
  RetryBudget retries;
  Servers servers;

 private:
  std::vector<RequestKey> keys_of(const std::string& prompt_version, const std::string& body) const;
  const bool holds_older_;  // the journal has answers of earlier runs
};

}  // namespace film::endpoint
