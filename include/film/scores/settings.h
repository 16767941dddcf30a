#pragma once
// How scores are summed up.
#include <array>
#include <cstdint>

#include "film/base/enum_names.h"
#include "film/base/settings.h"

namespace film::scores {

// What the average and the gap are taken over.
enum class Aggregation {
  bins,     // position bins of equal width
  val,      // VaL Probing's spans of 50 slots; each context is averaged by itself first
  val_plot  // the same, without the last slot of every span, as VaL's plot.py does by an off-by-one
};
constexpr auto enum_names(Aggregation) {
  return std::array{EnumName{Aggregation::bins, "bins"}, EnumName{Aggregation::val, "val"},
                    EnumName{Aggregation::val_plot, "val_plot"}};
}

struct Settings {
  std::uint64_t seed = 1;   // of resamples; the seed of the tasks, not a setting of its own
  std::uint32_t bins = 10;  // position bins
  Aggregation aggregation = Aggregation::bins;
  double flat_within = 2;          // points that ends and middle of a flat curve may differ by
  std::uint32_t resamples = 2000;  // of every bootstrap and permutation
  void describe(Fields& fields);
};

}  // namespace film::scores
