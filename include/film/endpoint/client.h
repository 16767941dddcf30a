#pragma once
// Bulk chat completions: many requests in flight on one thread, one retry layer, pacing, budget, journal.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "film/endpoint/chat.h"
#include "film/endpoint/settings.h"

namespace film::endpoint {

// What a run did, all attempts counted.
struct EndpointReport {
  std::uint64_t ok = 0, rejected = 0, failed = 0;
  std::uint64_t from_journal = 0;  // of ok and rejected: answered by an earlier run
  std::uint64_t attempts = 0;      // requests sent
  std::uint64_t unknown = 0;       // of these: sent, but no whole reply came, so perhaps paid for
  std::map<std::string, std::uint64_t> reasons;   // of rejected and failed
  std::map<std::string, std::uint64_t> troubles;  // of attempts that were repeated, by reason
  std::int64_t prompt_tokens = 0, completion_tokens = 0;
  double cost = 0;  // of this run; worst case where the server did not report usage
  double seconds = 0;
  double latency_p50 = 0, latency_p95 = 0;  // of single attempts that gave an answer, seconds

  Json to_json() const;
};

// The next request, or nothing for now. It is asked again after each result; the run ends when it gives
// nothing and no result is outstanding. So a caller can draw a substitute for every request that was
// rejected.
using ChatSource = std::function<std::optional<ChatRequest>()>;
// Takes results in the order in which they come.
using ChatSink = std::function<void(ChatResult)>;

class EndpointClient {
 public:
  // Reads the key and opens the journal. Throws config_error, no_input (key file), bad_data (journal).
  explicit EndpointClient(const EndpointSettings& settings, const std::optional<fs::path>& journal = {});
  ~EndpointClient();

  struct Watch {
    std::string label;                // of the progress line; empty = no progress line
    std::uint64_t total = 0;          // results expected; 0 = unknown
    std::function<bool()> stop = {};  // asks to stop in good order; default: a stop signal came
  };

  // Every request ends as exactly one result, unless the run itself ends early: then what is in flight is
  // waited for (`stop_wait`), journalled and handed over, and the reason is thrown: unavailable (69: nothing
  // works any more), stopped (75: signal, quota, cost cap), denied (77: 401, 403), config_error (78: no such
  // model or address). Memory is bounded by `max_in_flight` requests. May be called again; pace and cost cap
  // go on.
  EndpointReport run(const ChatSource& source, const ChatSink& sink, const Watch& watch);

  // What the journal holds for a request, without asking; nothing without a journal.
  std::optional<ChatResult> lookup(const ChatRequest& request);

  // What the last run did, also when it ended early.
  EndpointReport report() const;

  // Model and service, for people.
  std::string describe() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace film::endpoint
