#pragma once
// Percentiles of durations in bounded memory: a histogram whose cells grow by 5 %.
#include <array>
#include <cstddef>
#include <cstdint>

namespace film::endpoint {

class Latencies {
 public:
  void add(double seconds);
  double percentile(double share) const;  // share 0..1; 0 when nothing was added; within 5 %

 private:
  static constexpr std::size_t kCells = 400;
  std::array<std::uint64_t, kCells> cells_{};
  std::uint64_t total_ = 0;
};

}  // namespace film::endpoint
