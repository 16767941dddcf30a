#pragma once
// How many requests may be open, and when an endpoint that fails is left alone. Pure arithmetic over the
// caller's clock. A failure says something new only if its attempt began after the last one that was acted
// on: sixty-four requests cut off together are one round of trouble, not sixty-four.
#include <cstdint>

#include "film/base/random.h"

namespace film::endpoint {

// What a failure says about the endpoint. request: nothing, it may be that one request's own; slow: too much
// is open; busy: it cannot serve anyone now.
enum class Trouble { request, slow, busy };

class Congestion {
 public:
  // most: highest number of open requests. backoff, cap: seconds.
  Congestion(int most, double backoff, double cap, std::uint64_t jitter_seed);

  int limit() const;                      // open requests allowed now
  double hold_until() const;              // no start before this time
  int rounds() const { return rounds_; }  // rounds of failure since the last answer

  void answered(double now);
  void started(double now);
  // An attempt that began at `started` failed; a busy endpoint may ask to `wait` seconds (-1: it did not).
  // Halves the limit unless answers show that others get through; pauses when busy, or when everything fails:
  // at least half of backoff · 2^rounds, so that a number of rounds is also a length of time.
  void failed(double now, double started, Trouble trouble, double wait);
  // Pause before attempt number `attempts + 1` of one request: full jitter, uniform on [0, backoff ·
  // 2^(attempts-1)).
  double retry_pause(int attempts);

 private:
  double ceiling(int doublings) const;
  double most_, limit_ = 4, threshold_;
  double backoff_, cap_;
  double acted_ = -1;                       // when the last round was counted
  double last_answer_ = -1, interval_ = 0;  // mean time between answers
  double hold_ = 0, gap_ = 0;               // gap: least time between starts, once the server has said no
  int rounds_ = 0;
  Random random_;
};

}  // namespace film::endpoint
