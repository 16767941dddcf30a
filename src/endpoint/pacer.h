#pragma once
// When the next request may start: the user's limits per minute, and what x-ratelimit headers teach. Pure
// arithmetic over a clock that the caller passes in (seconds).
#include "transport.h"

namespace film::endpoint {

// Fills steadily; holds one second's worth, because servers judge "per minute" over windows of 1 to 10
// seconds.
class Bucket {
 public:
  explicit Bucket(double per_minute);
  // Seconds until `amount` may be taken. An amount above the capacity waits for a full bucket and leaves a
  // debt.
  double wait(double now, double amount) const;
  void take(double now, double amount);

 private:
  double level(double now) const;
  double rate_ = 0, capacity_ = 0;  // per second; rate 0 = no limit
  double level_ = 0, at_ = 0;
  bool started_ = false;
};

class Pacer {
 public:
  Pacer(double requests_per_minute, double tokens_per_minute);
  double wait(double now, double tokens) const;  // seconds; 0 = start now
  void started(double now, double tokens);
  // x-ratelimit-{limit,remaining,reset}-{requests,tokens} of a reply to an attempt that started at `started`.
  // `reset` is the time to a FULL refill, so (limit - remaining) / reset is the rate of refill; it is used
  // only when little remains. Absent, zero or negative limits mean nothing.
  void learn(double now, double started, const ReplyHeaders& headers);

 private:
  struct Learned {
    double remaining = 0, rate = 0, at = 0;  // rate 0 = nothing learned
    double wait(double now, double amount) const;
  };
  static Learned read(double now, const ReplyHeaders& headers, const char* kind);
  Bucket requests_, tokens_;
  Learned learned_requests_, learned_tokens_;
  double newest_ = -1;
};

}  // namespace film::endpoint
