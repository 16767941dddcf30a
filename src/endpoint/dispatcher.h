#pragma once
// The loop between requests and network, apart from libcurl, keys and the terminal: a Service, and one Run
// for each call.
#include <functional>
#include <optional>
#include <vector>

#include "run.h"

namespace film::endpoint {

class Dispatcher {
 public:
  // `keys`: one per server; a missing one is none. `journal` may be null. `jitter_seed` has no
  // influence on results.
  Dispatcher(const EndpointSettings& settings, std::vector<ApiKey> keys, Transport& transport,
             AnswerJournal* journal, std::uint64_t jitter_seed);

  // As EndpointClient::run, any number of times.
  void run(const ChatSource& source, const ChatSink& sink, const std::function<bool()>& stop,
           const std::function<void(const Run&)>& tick);

  // The journal's result for a request, or nothing.
  std::optional<ChatResult> lookup(const ChatRequest& request) const;

  // Of the last run, also when it ended early.
  const EndpointReport& report() const { return report_; }

 private:
  Service service_;
  EndpointReport report_;
};

}  // namespace film::endpoint
