#include "token_bucket.h"

#include <algorithm>

namespace film::endpoint {
namespace {

constexpr double kBurstSeconds = 1;

}  // namespace

TokenBucket::TokenBucket(double per_minute)
    : rate_(per_minute / 60), capacity_(std::max(1.0, rate_ * kBurstSeconds)) {}

double TokenBucket::level(double now) const {
  return started_ ? std::min(capacity_, level_ + (now - at_) * rate_) : capacity_;
}

double TokenBucket::wait(double now, double amount) const {
  if (rate_ <= 0) return 0;
  const double missing = std::min(amount, capacity_) - level(now);
  return missing <= kLevelSlack ? 0 : missing / rate_;
}

void TokenBucket::take(double now, double amount) {
  level_ = level(now) - amount;
  at_ = now;
  started_ = true;
}

}  // namespace film::endpoint
