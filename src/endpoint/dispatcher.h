#pragma once
// The loop between requests and network: one retry layer, pacing, budgets, journal, an orderly end.
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "congestion.h"
#include "film/endpoint/client.h"
#include "film/endpoint/journal.h"
#include "judge.h"
#include "latency.h"
#include "pacer.h"
#include "spending.h"
#include "transport.h"

namespace film::endpoint {

// The JSON body of a request, the same bytes for the same request.
std::string request_body(const EndpointSettings& settings, const ChatRequest& request);

class Dispatcher {
 public:
  // `journal` may be null. `jitter_seed` has no influence on results.
  Dispatcher(const EndpointSettings& settings, Transport& transport, AnswerJournal* journal,
             std::uint64_t jitter_seed);

  // As EndpointClient::run, any number of times; `tick` is called after every turn of the loop, for progress.
  void run(const ChatSource& source, const ChatSink& sink, const std::function<bool()>& stop,
           const std::function<void()>& tick);

  // The journal's result for a request, or nothing.
  std::optional<ChatResult> lookup(const ChatRequest& request);

  EndpointReport report() const;

 private:
  // One place of max_in_flight: a request from its start to its result.
  struct Place {
    ChatRequest request;
    std::string body;
    RequestKey key{};
    bool flying = false;
    int sent = 0, unknown = 0;  // attempts: all; those perhaps paid for
    int faults = 0,
        busy = 0;  // attempts that count against it, as its own fault and while only it was turned away
    double spent = 0;
    double tokens = 0, reserved = 0;
    double first = 0, started = 0;       // of the first and of the last attempt
    std::uint64_t answers_before = 0;    // answers to others when the first attempt began
    std::vector<std::string> followers;  // ids of requests with the same body, waiting for this one's answer
  };
  using Due = std::pair<double, std::size_t>;  // when, which place

  void turn(double wait);
  void refill();
  void take(ChatRequest request);
  RequestKey key_of(const ChatRequest& request, const std::string& body) const;
  std::optional<ChatResult> journalled(const RequestKey& key, const std::string& id);
  void launch();
  bool may_start(Place& place);
  void start(std::size_t index);
  void finish(std::size_t index, const HttpReply& reply);
  void account(Place& place, const Verdict& verdict);
  void act(std::size_t index, Verdict verdict);
  void again(std::size_t index, const Verdict& verdict);
  bool exhausted(Place& place, const Verdict& verdict);
  void conclude(std::size_t index, ChatOutcome outcome, Verdict verdict);
  void deliver(ChatResult result);
  void note_health(const Place& place, const Verdict& verdict);
  void reset();
  void loop(const std::function<bool()>& stop, const std::function<void()>& tick);
  void look_for_refusals(const Verdict& verdict);
  void end_with(Error error);
  void abandon();
  void sync_journal(bool now);
  double next_event() const;
  double token_estimate(const Place& place) const;
  int max_tokens(const ChatRequest& request) const;
  JudgeRules rules() const;

  const EndpointSettings& settings_;
  Transport& transport_;
  AnswerJournal* journal_;
  Pacer pacer_;
  Congestion congestion_;
  Spending spending_;
  RetryBudget repeats_;
  Latencies latencies_;
  EndpointReport report_;

  std::vector<Place> places_;
  std::vector<std::size_t> free_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
  std::unordered_map<std::string, std::size_t>
      open_keys_;  // key -> place, for followers; only with a journal
  const ChatSource* source_ = nullptr;
  const ChatSink* sink_ = nullptr;
  std::size_t flying_ = 0;
  bool dry_ = false;          // the source had nothing; asked again after the next result
  std::optional<Error> end_;  // why the run ends early
  double end_by_ = 0;
  std::uint64_t answers_ = 0;      // in this process
  std::uint64_t refusals_ = 0;     // rejections in a row
  double tokens_per_byte_ = 0.25;  // of prompts, learned from usage
  double began_ = 0, ended_ = -1, next_sync_ = 0, not_before_ = 0, cost_before_ = 0;
};

}  // namespace film::endpoint
