#pragma once
// Bulk chat completions: many requests in flight on one thread, with one retry layer, pacing, a budget and a
// journal of paid answers. Requests are spread over the servers of EndpointSettings.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "film/base/files.h"
#include "film/endpoint/chat.h"
#include "film/endpoint/report.h"
#include "film/endpoint/settings.h"

namespace film::endpoint {

// The next request, or nothing for now. It is asked again after each result; a run ends when it returns nothing
// and no result is outstanding. So a caller can replace every request that was rejected.
using ChatSource = std::function<std::optional<ChatRequest>()>;
// Takes results in the order in which they arrive.
using ChatSink = std::function<void(ChatResult)>;

class EndpointClient {
 public:
  // Reads the keys and opens the journal. Throws config_error, no_input (key file), bad_data (journal).
  explicit EndpointClient(const EndpointSettings& settings, const std::optional<fs::path>& journal = {});
  ~EndpointClient();

  struct Watch {
    std::string label;                // of the progress line; empty = no progress line
    std::uint64_t total = 0;          // results expected; 0 = unknown
    std::function<bool()> stop = {};  // true: stop in good order; default: a stop signal was received
  };

  // Every request ends as exactly one result, unless the run itself ends early: then requests in flight are
  // waited for (`stop_wait`), journalled and delivered, and the reason is thrown: unavailable (69: no server
  // answers), stopped (75: signal, quota, cost cap), denied (77: 401, 403), config_error (78: no such model or
  // address). A server that fails for such a reason is left out with a warning; the run ends with the last
  // one. Memory is bounded by `max_in_flight` requests per server. May be called again: pace, health of the
  // servers and cost cap carry over.
  EndpointReport run(const ChatSource& source, const ChatSink& sink, const Watch& watch);

  // Answers in the journal.
  std::uint64_t journalled() const;
  // The journal's result for a request, without sending anything; nothing if it has none. May be called from several
  // threads while run() is not at work.
  std::optional<ChatResult> lookup(const ChatRequest& request) const;

  // Tokens of a prompt and its answer, at most: as the settings or the servers say, the least of several; nothing where
  // none says it. Asks the servers the first time. Not while run() is at work.
  std::optional<std::int64_t> context_limit();

  // Fields for requests that are to be answered greedily, {"repeat_penalty": 1}: the servers' own penalties on repeated tokens
  // switched off, where they all describe such fields. Nothing where one of them says nothing. Asks the servers the first time
  // and notes it beside the journal, so that all requests of a journal are alike. Not while run() is at work.
  std::optional<Json> neutral_fields();
  // The same without asking: nothing where it was never learned.
  std::optional<Json> noted_fields() const;

  // What the last run did, also when it ended early.
  EndpointReport report() const;

  // Model and service, for people.
  std::string describe() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace film::endpoint
