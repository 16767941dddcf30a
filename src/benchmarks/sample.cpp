#include "sample.h"

#include <array>
#include <cmath>
#include <numeric>

namespace film::benchmarks {

int depth_percent(std::size_t place) {
  return static_cast<int>(std::lround(100.0 * static_cast<double>(place) / (kDepths - 1)));
}

std::size_t balanced_place(const SampleKey& key) {
  std::array<std::size_t, kDepths> places{};
  std::iota(places.begin(), places.end(), std::size_t{0});
  SampleKey round = key;
  round.number = key.number / kDepths;
  Random random = round.random("places");
  random.shuffle(places);
  return places[key.number % kDepths];
}

}  // namespace film::benchmarks
