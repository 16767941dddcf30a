#pragma once
// A linear axis with ticks at round numbers.
#include <vector>

namespace film::report {

struct Axis {
  double low = 0, high = 1;
  double step = 1;            // between ticks: 1, 2, 2.5 or 5 times a power of ten
  std::vector<double> ticks;  // ascending, within [low, high]

  // 0..1 along the axis.
  double share(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

// From exactly `low` to exactly `high` with about `wanted` ticks inside.
Axis exact_axis(double low, double high, int wanted);
// Widened to whole steps; a range of one value is widened around it.
Axis nice_axis(double low, double high, int wanted);

}  // namespace film::report
