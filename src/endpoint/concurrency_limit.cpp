#include "concurrency_limit.h"

#include <algorithm>
#include <cmath>

namespace film::endpoint {
namespace {

constexpr int kQuietRounds = 2;     // a failure or two among answers pauses nobody else
constexpr double kSpread = 0.1;     // so that several programs do not come back at the same moment
constexpr double kLongestGap = 60;  // seconds
constexpr double kGapDecay = 0.98;  // per answer: asks for a little more until the server says no again
constexpr double kMemory = 0.1;     // weight of the newest interval in the mean

}  // namespace

ConcurrencyLimit::ConcurrencyLimit(int most, double backoff, double cap, std::uint64_t jitter_seed)
    : most_(most), threshold_(most), backoff_(backoff), cap_(cap), random_(jitter_seed, "endpoint.jitter") {
  limit_ = std::min(limit_, most_);
}

int ConcurrencyLimit::limit() const { return static_cast<int>(limit_); }

bool ConcurrencyLimit::outage() const { return rounds_ > kQuietRounds; }

double ConcurrencyLimit::hold_until() const { return hold_; }

// Doubles per round below the last threshold, then one more per round (Jacobson 1988).
void ConcurrencyLimit::answered(double now) {
  rounds_ = 0;
  limit_ = std::min(most_, limit_ + (limit_ < threshold_ ? 1 : 1 / limit_));
  if (last_answer_ >= 0) interval_ += (interval_ > 0 ? kMemory : 1) * (now - last_answer_ - interval_);
  last_answer_ = now;
  gap_ = gap_ < 1e-3 ? 0 : gap_ * kGapDecay;
}

void ConcurrencyLimit::started(double now) { hold_ = std::max(hold_, now + gap_); }

void ConcurrencyLimit::failed(double now, double started, FailureKind kind, double wait) {
  const bool throttled = kind == FailureKind::throttled;
  if (throttled && wait >= 0) hold_ = std::max(hold_, now + wait * (1 + kSpread * random_.uniform()));
  if (started <= acted_) return;
  acted_ = now;
  ++rounds_;
  // A server that says no is answering as fast as it can: its rate of answers is the pace to keep.
  if (throttled) gap_ = std::min(kLongestGap, std::max(gap_, interval_));
  if (kind != FailureKind::request || rounds_ > 1) {
    limit_ = outage() ? 1 : std::max(1.0, limit_ / 2);
    // Later rounds are one outage: the limit before it still holds.
    if (rounds_ == 1) threshold_ = limit_;
  }
  if ((throttled && wait < 0) || outage())
    hold_ = std::max(hold_, now + (1 + random_.uniform()) / 2 * ceiling(rounds_ - 1));
}

double ConcurrencyLimit::retry_pause(int failures) { return random_.uniform() * ceiling(failures - 1); }

double ConcurrencyLimit::ceiling(int doublings) const {
  return std::min(cap_, backoff_ * std::exp2(std::min(doublings, 30)));
}

}  // namespace film::endpoint
