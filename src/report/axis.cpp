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

constexpr double kMostDecadesOfAllTicks = 2.5;  // beyond them only powers of ten have a tick

// 1, 2 and 5 times powers of ten, ascending from the last that is not above `low` to the first not below `high`.
std::vector<double> one_two_five(double low, double high) {
  std::vector<double> ticks;
  for (int power = static_cast<int>(std::floor(std::log10(low)));
       ticks.empty() || ticks.back() < high * (1 - 1e-9); ++power)
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10.0, power);
      if (tick <= low * (1 + 1e-9)) ticks.clear();
      if (ticks.empty() || ticks.back() < high * (1 - 1e-9)) ticks.push_back(tick);
    }
  return ticks;
}

bool is_power_of_ten(double value) {
  const double power = std::log10(value);
  return std::abs(power - std::round(power)) < 1e-9;
}

void add_ticks(Axis& axis) {
  const double first = std::ceil(axis.low / axis.step - 1e-9),
               last = std::floor(axis.high / axis.step + 1e-9);
  for (double k = first; k <= last; ++k) axis.ticks.push_back(k * axis.step);
}

}  // namespace

double Axis::share(double value) const {
  if (!(high > low)) return 0.5;
  return logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
}

Axis exact_axis(double low, double high, int wanted) {
  if (!(high > low)) return nice_axis(low, high, wanted);
  Axis axis{low, high, nice_step(high - low, wanted), {}, false};
  add_ticks(axis);
  return axis;
}

Axis nice_axis(double low, double high, int wanted) {
  if (!(high > low)) {
    const double margin = low == 0 ? 1 : std::abs(low) / 2;
    low -= margin;
    high += margin;
  }
  Axis axis{low, high, nice_step(high - low, wanted), {}, false};
  axis.low = std::floor(low / axis.step + 1e-9) * axis.step;
  axis.high = std::ceil(high / axis.step - 1e-9) * axis.step;
  add_ticks(axis);
  return axis;
}

Axis log_axis(double low, double high) {
  std::vector<double> ticks = one_two_five(low, high);
  Axis axis{ticks.front(), ticks.back(), 0, {}, true};
  if (std::log10(axis.high / axis.low) > kMostDecadesOfAllTicks)
    std::erase_if(ticks, [](double tick) { return !is_power_of_ten(tick); });
  axis.ticks = std::move(ticks);
  return axis;
}

}  // namespace film::report
