#include "axis.h"

#include <cmath>

namespace film::report {
namespace {

double nice_step(double range, int wanted) {
  const double raw = range / wanted;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0})
    if (raw <= factor * power * (1 + 1e-9)) return factor * power;
  return 10 * power;
}

void add_ticks(Axis& axis) {
  const double first = std::ceil(axis.low / axis.step - 1e-9),
               last = std::floor(axis.high / axis.step + 1e-9);
  for (double k = first; k <= last; ++k) axis.ticks.push_back(k * axis.step);
}

}  // namespace

Axis exact_axis(double low, double high, int wanted) {
  if (!(high > low)) return nice_axis(low, high, wanted);
  Axis axis{low, high, nice_step(high - low, wanted), {}};
  add_ticks(axis);
  return axis;
}

Axis nice_axis(double low, double high, int wanted) {
  if (!(high > low)) {
    const double margin = low == 0 ? 1 : std::abs(low) / 2;
    low -= margin;
    high += margin;
  }
  Axis axis{low, high, nice_step(high - low, wanted), {}};
  axis.low = std::floor(low / axis.step + 1e-9) * axis.step;
  axis.high = std::ceil(high / axis.step - 1e-9) * axis.step;
  add_ticks(axis);
  return axis;
}

}  // namespace film::report
