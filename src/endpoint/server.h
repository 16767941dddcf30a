#pragma once
// One server, i.e. one address: how many requests may be open there and at what pace, what its replies mean, what
// they cost, and whether it is still worth asking.
#include <cstdint>
#include <optional>
#include <string>

#include "api_key.h"
#include "budget.h"
#include "concurrency_limit.h"
#include "judge.h"
#include "outgoing.h"
#include "pacer.h"
#include "transport.h"

namespace film::endpoint {

class Server {
 public:
  // `settings` are this server's own, `budget` is shared by all and must outlive it. `worked_before`: an earlier
  // run had answers from it. `jitter_seed` has no influence on results.
  Server(EndpointSettings settings, ApiKey key, Budget& budget, bool worked_before,
         std::uint64_t jitter_seed);

  const std::string& address() const { return settings_.base_url; }
  std::uint64_t answers() const { return answers_; }  // paid replies so far

  // Why it is left out, or nothing. After an outage or a pause that it asked for it is tried again in time.
  const Error* left_out(double now) const;
  // Another chance, whatever happened.
  void readmit() { left_out_.reset(); }

  // It has answered nothing yet, and refused what it was sent for its form (400): most likely a setting. Then why.
  bool refused_every_request() const;
  Error refuses_all() const;

  bool outage() const { return concurrency_.outage(); }  // nobody seems to get an answer from it

  // Requests that may be open there now; 0 while it is left out.
  std::size_t limit(double now) const;
  double load(double now) const;  // open requests as a share of the limit
  // The earliest time at which the request may start; infinity until a reply comes or while it is left out.
  double ready_at(double now, const Outgoing& outgoing) const;

  // Counts the attempt and reserves its worst case; returns what to send.
  HttpRequest start(double now, Outgoing& outgoing);
  // Settles the attempt. A failure that leaves no hope for other requests leaves the server out.
  Verdict finish(double now, Outgoing& outgoing, HttpReply reply);
  // The reply is not waited for; it may be paid for.
  void abandon(const Outgoing& outgoing);

  // Pause before the next attempt of a request that failed `failures` times here.
  double retry_pause(int failures) { return concurrency_.retry_pause(failures); }

 private:
  struct LeftOut {
    Error why;
    double until;
  };
  double estimate_tokens(const Outgoing& outgoing) const;
  void settle(Outgoing& outgoing, const Verdict& verdict);
  void note_answer(double now, const Outgoing& outgoing, const Verdict& verdict);
  void note_failure(double now, const Outgoing& outgoing, const Verdict& verdict);
  void count_rejections(const Verdict& verdict);
  void leave_out(Error why, double until);
  bool worked() const { return worked_before_ || answers_ > 0; }

  EndpointSettings settings_;
  std::string url_;
  ApiKey key_;
  Budget& budget_;
  Pacer pacer_;
  ConcurrencyLimit concurrency_;
  bool worked_before_;
  std::size_t in_flight_ = 0;
  std::uint64_t answers_ = 0;
  std::uint64_t rejections_ = 0;   // in a row
  std::string first_refusal_;      // the server's words, before its first answer
  double tokens_per_byte_ = 0.25;  // of prompts, learned from usage
  std::optional<LeftOut> left_out_;
};

}  // namespace film::endpoint
