#include "budget.h"

#include <algorithm>

namespace film::endpoint {

double Budget::worst_case(std::size_t body_bytes, int max_tokens) const {
  return settings_.cost(static_cast<std::int64_t>(body_bytes), max_tokens);
}

bool Budget::may_reserve(double amount) const {
  return settings_.max_cost <= 0 || spent_ + reserved_ + amount <= settings_.max_cost;
}

void Budget::settle(double reserved, double actual) {
  reserved_ = std::max(0.0, reserved_ - reserved);
  spent_ += actual;
}

}  // namespace film::endpoint
