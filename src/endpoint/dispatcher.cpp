#include "dispatcher.h"

#include <utility>

namespace film::endpoint {

Dispatcher::Dispatcher(const EndpointSettings& settings, std::vector<ApiKey> keys, Transport& transport,
                       AnswerJournal* journal, std::uint64_t jitter_seed)
    : service_(settings, std::move(keys), transport, journal, jitter_seed) {}

void Dispatcher::run(const ChatSource& source, const ChatSink& sink, const std::function<bool()>& stop,
                     const std::function<void(const Run&)>& tick) {
  Run run(service_, {source, sink, stop, tick});
  try {
    run.complete();
  } catch (...) {
    report_ = run.report();
    throw;
  }
  report_ = run.report();
  if (run.end()) throw Error(*run.end());
}

std::optional<ChatResult> Dispatcher::lookup(const ChatRequest& request) const {
  return service_.known(service_.keys(request), request.id);
}

}  // namespace film::endpoint
