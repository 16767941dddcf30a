#include "congestion.h"

#include <algorithm>
#include <cmath>

namespace film::endpoint {
namespace {

constexpr int kQuietRounds = 2;     // a fault or two among answers pauses nobody else
constexpr double kSpread = 0.1;     // so that several programs do not come back in the same moment
constexpr double kLongestGap = 60;  // seconds
constexpr double kGapDecay = 0.98;  // per answer: asks for a little more until the server says no again
constexpr double kMemory = 0.1;     // weight of the newest interval in the mean

}  // namespace

Congestion::Congestion(int most, double backoff, double cap, std::uint64_t jitter_seed)
    : most_(most), threshold_(most), backoff_(backoff), cap_(cap), random_(jitter_seed, "endpoint.jitter") {
  limit_ = std::min(limit_, most_);
}

int Congestion::limit() const { return static_cast<int>(limit_); }

double Congestion::hold_until() const { return hold_; }

// Doubles per round below the last threshold, then one more per round (Jacobson 1988).
void Congestion::answered(double now) {
  rounds_ = 0;
  limit_ = std::min(most_, limit_ + (limit_ < threshold_ ? 1 : 1 / limit_));
  if (last_answer_ >= 0) interval_ += (interval_ > 0 ? kMemory : 1) * (now - last_answer_ - interval_);
  last_answer_ = now;
  gap_ = gap_ < 1e-3 ? 0 : gap_ * kGapDecay;
}

void Congestion::started(double now) { hold_ = std::max(hold_, now + gap_); }

void Congestion::failed(double now, double started, Trouble trouble, double wait) {
  const bool busy = trouble == Trouble::busy;
  if (busy && wait >= 0) hold_ = std::max(hold_, now + wait * (1 + kSpread * random_.uniform()));
  if (started <= acted_) return;
  acted_ = now;
  ++rounds_;
  // A server that says no is answering as fast as it can: its rate of answers is the pace to keep.
  if (busy) gap_ = std::min(kLongestGap, std::max(gap_, interval_));
  if (trouble != Trouble::request || rounds_ > 1) {
    limit_ = rounds_ > kQuietRounds ? 1 : std::max(1.0, limit_ / 2);
    if (rounds_ == 1)
      threshold_ = limit_;  // later rounds are one outage: what it could bear before still holds
  }
  if ((busy && wait < 0) || rounds_ > kQuietRounds)
    hold_ = std::max(hold_, now + (1 + random_.uniform()) / 2 * ceiling(rounds_ - 1));
}

double Congestion::retry_pause(int attempts) { return random_.uniform() * ceiling(attempts - 1); }

double Congestion::ceiling(int doublings) const {
  return std::min(cap_, backoff_ * std::exp2(std::min(doublings, 30)));
}

}  // namespace film::endpoint
