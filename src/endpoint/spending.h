#pragma once
// Two budgets: money (a hard cap that counts the worst case of everything in flight) and repeats.
#include <cstdint>

#include "film/endpoint/settings.h"

namespace film::endpoint {

class Spending {
 public:
  Spending(const EndpointSettings& settings, double spent_before)
      : settings_(settings), spent_(spent_before) {}
  // The most that a request can cost: no tokenizer makes more tokens than there are bytes.
  double worst_case(std::size_t body_bytes, int max_tokens) const;
  bool may_reserve(double amount) const;
  void reserve(double amount) { reserved_ += amount; }
  // The reservation ends; `actual` was spent.
  void settle(double reserved, double actual);
  double spent() const { return spent_; }  // earlier runs included

 private:
  const EndpointSettings& settings_;
  double spent_, reserved_ = 0;
};

// Repeats allowed: a share of the requests made so far, and a few more so that a small run can repeat at all.
class RetryBudget {
 public:
  explicit RetryBudget(double share) : share_(share) {}
  void request() { ++requests_; }
  bool take();

 private:
  double share_;
  std::uint64_t requests_ = 0, taken_ = 0;
};

}  // namespace film::endpoint
