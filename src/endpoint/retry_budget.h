#pragma once
// Retries allowed: a share of the requests made so far, and a few more so that a small run can retry at all.
#include <cstdint>

namespace film::endpoint {

class RetryBudget {
 public:
  explicit RetryBudget(double share) : share_(share) {}
  void request() { ++requests_; }
  // Takes one retry; false when none is left.
  bool take();

 private:
  double share_;
  std::uint64_t requests_ = 0, taken_ = 0;
};

}  // namespace film::endpoint
