#include "latency.h"

#include <algorithm>
#include <cmath>

namespace film::endpoint {
namespace {

constexpr double kSmallest = 1e-5;  // seconds; 400 cells of 5 % reach beyond 3,000 s
constexpr double kGrowth = 1.05;

}  // namespace

void Latencies::add(double seconds) {
  const double cell = std::log(std::max(seconds, kSmallest) / kSmallest) / std::log(kGrowth);
  ++cells_[std::min(kCells - 1, static_cast<std::size_t>(cell))];
  ++total_;
}

double Latencies::percentile(double share) const {
  const double wanted = share * static_cast<double>(total_);
  double seen = 0;
  for (std::size_t i = 0; i < kCells && total_ > 0; ++i) {
    seen += static_cast<double>(cells_[i]);
    if (seen >= wanted) return kSmallest * std::pow(kGrowth, static_cast<double>(i) + 0.5);
  }
  return 0;
}

}  // namespace film::endpoint
