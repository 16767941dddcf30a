#pragma once
// Time that never goes backwards, for durations and waits.
#include <chrono>

namespace film {

inline double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace film
