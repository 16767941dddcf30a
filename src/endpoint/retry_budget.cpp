#include "retry_budget.h"

namespace film::endpoint {
namespace {

constexpr double kFreeRetries = 10;

}  // namespace

bool RetryBudget::take() {
  if (static_cast<double>(taken_) >= kFreeRetries + share_ * static_cast<double>(requests_)) return false;
  ++taken_;
  return true;
}

}  // namespace film::endpoint
