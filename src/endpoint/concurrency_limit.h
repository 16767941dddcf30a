#pragma once
// How many requests may be open at a server, and when a failing server is left alone. Pure arithmetic over the
// caller's clock. A failure is news only if its attempt began after the last failure that was acted on: sixty-four
// requests cut off together are one round of failures, not sixty-four.
#include <cstdint>

#include "film/base/random.h"

namespace film::endpoint {

// What a failure says about the server. request: nothing, the request itself may be at fault; slow: too much is
// open; throttled: the server serves nobody now.
enum class FailureKind { request, slow, throttled };

class ConcurrencyLimit {
 public:
  // most: highest number of open requests. backoff, cap: seconds.
  ConcurrencyLimit(int most, double backoff, double cap, std::uint64_t jitter_seed);

  int limit() const;                      // open requests allowed now
  double hold_until() const;              // no start before this time
  int rounds() const { return rounds_; }  // rounds of failures since the last answer
  bool outage() const;                    // so many that nobody seems to get an answer

  void answered(double now);
  void started(double now);
  // An attempt that began at `started` failed; a throttling server may ask for a wait of `wait` seconds (-1: it
  // did not). Halves the limit unless answers show that others get through; pauses when throttled, or when
  // everything fails: at least half of backoff * 2^rounds, so that a number of rounds is also a length of time.
  void failed(double now, double started, FailureKind kind, double wait);
  // Pause before the next attempt of a request that failed `failures` times, with full jitter: uniform on
  // [0, backoff * 2^(failures-1)).
  double retry_pause(int failures);

 private:
  double ceiling(int doublings) const;
  double most_, limit_ = 4, threshold_;
  double backoff_, cap_;
  double acted_ = -1;                       // when the last round was counted
  double last_answer_ = -1, interval_ = 0;  // mean time between answers
  double hold_ = 0, gap_ = 0;               // gap: shortest time between starts, once the server has said no
  int rounds_ = 0;
  Random random_;
};

}  // namespace film::endpoint
