#pragma once
// One call of Dispatcher::run(): takes requests from the source, sends them, retries, delivers results, and
// ends in good order.
#include <functional>
#include <optional>

#include "film/endpoint/client.h"
#include "journal_schedule.h"
#include "latency.h"
#include "queue.h"
#include "service.h"

namespace film::endpoint {

class Run {
 public:
  struct Caller {
    const ChatSource& source;
    const ChatSink& sink;
    std::function<bool()> stop;            // asked once in every turn of the loop
    std::function<void(const Run&)> tick;  // called after every turn, for progress
  };

  Run(Service& service, Caller caller);

  // Until the source is exhausted and every result delivered, or the run ends early. Whatever happens, the
  // journal is synced afterwards. Throws only what the caller's functions and the journal throw.
  void complete();

  // Why it ended early, or nothing.
  const std::optional<Error>& end() const { return end_; }
  EndpointReport report() const;

 private:
  double now() const { return service_.transport.now(); }
  void loop();
  void end_if_all_is_refused();
  void accept();
  void take(ChatRequest request);
  void launch();
  bool affordable(const Outgoing& outgoing);
  void start(std::size_t server);
  void finish(std::size_t slot, HttpReply reply);
  void count(const Outgoing& outgoing, const Verdict& verdict);
  void note_left_out(std::size_t server);
  void act(std::size_t slot, Verdict verdict);
  bool exhausted(Outgoing& outgoing, const Verdict& verdict);
  void retry(std::size_t slot, const Verdict& verdict);
  void conclude(std::size_t slot, ChatOutcome outcome, Verdict verdict);
  void deliver(ChatResult result);
  void end_with(Error error);
  void abandon();
  double next_event() const;

  Service& service_;
  Caller caller_;
  Queue queue_;
  JournalSchedule schedule_;
  Latencies latencies_;
  EndpointReport report_;
  bool source_exhausted_ = false;  // it had nothing; asked again after the next result
  std::optional<Error> end_;
  double end_by_ = 0;  // when answers in flight are no longer waited for
  double began_, ended_ = -1;
  double spent_before_;
};

}  // namespace film::endpoint
