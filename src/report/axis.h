#pragma once
// An axis with ticks at round numbers: linear, or logarithmic.
#include <vector>

namespace film::report {

struct Axis {
  double low = 0, high = 1;
  double step = 1;            // between ticks: 1, 2, 2.5 or 5 times a power of ten; of a logarithmic axis 0
  std::vector<double> ticks;  // ascending, within [low, high]
  bool logarithmic = false;   // then low > 0

  double share(double value) const;  // 0..1 along the axis
};

// From exactly `low` to exactly `high` with about `wanted` ticks inside.
Axis exact_axis(double low, double high, int wanted);
// Widened to whole steps; a range of one value is widened around it.
Axis nice_axis(double low, double high, int wanted);
// Logarithmic, widened to 1, 2 or 5 times a power of ten, with ticks there, or over many decades at powers of ten.
// 0 < low < high.
Axis log_axis(double low, double high);

}  // namespace film::report
