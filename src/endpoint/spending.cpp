#include "spending.h"

#include <algorithm>

namespace film::endpoint {
namespace {

constexpr double kFreeRepeats = 10;

}  // namespace

double Spending::worst_case(std::size_t body_bytes, int max_tokens) const {
  return settings_.cost(static_cast<std::int64_t>(body_bytes), max_tokens);
}

bool Spending::may_reserve(double amount) const {
  return settings_.max_cost <= 0 || spent_ + reserved_ + amount <= settings_.max_cost;
}

void Spending::settle(double reserved, double actual) {
  reserved_ = std::max(0.0, reserved_ - reserved);
  spent_ += actual;
}

bool RetryBudget::take() {
  if (static_cast<double>(taken_) >= kFreeRepeats + share_ * static_cast<double>(requests_)) return false;
  ++taken_;
  return true;
}

}  // namespace film::endpoint
