#pragma once
// When the next request may start: the user's limits per minute, and limits learned from x-ratelimit headers. Pure
// arithmetic over a clock that the caller passes in (seconds).
#include "token_bucket.h"
#include "transport.h"

namespace film::endpoint {

class Pacer {
 public:
  Pacer(double requests_per_minute, double tokens_per_minute);
  double wait(double now, double tokens) const;  // seconds; 0 = start now
  void started(double now, double tokens);
  // x-ratelimit-{limit,remaining,reset}-{requests,tokens} of a reply to an attempt that started at `started`.
  // `reset` is the time to a full refill, so (limit - remaining) / reset is the rate of refill; it counts only
  // when little remains. Absent, zero or negative limits mean nothing.
  void learn(double now, double started, const ReplyHeaders& headers);

 private:
  struct Learned {
    double remaining = 0, rate = 0, at = 0;  // rate 0 = nothing learned
    double wait(double now, double amount) const;
  };
  static Learned read(double now, const ReplyHeaders& headers, const char* kind);
  TokenBucket requests_, tokens_;
  Learned learned_requests_, learned_tokens_;
  double newest_ = -1;
};

}  // namespace film::endpoint
