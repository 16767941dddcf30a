#pragma once
// What a call without a time limit is given.
#include <chrono>

namespace gloo {
constexpr std::chrono::milliseconds kNoTimeout = std::chrono::milliseconds::zero();
}
