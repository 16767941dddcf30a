#include "film/scores/settings.h"

namespace film::scores {

void Settings::describe(Fields& f) {
  f.add("bins", bins, "position bins of equal width").range(1, 1000);
  f.add("aggregation", aggregation, "position bins, or VaL's spans of 50 slots");
  f.add("flat_within", flat_within,
        "points by which ends and middle of a curve that is called flat may differ")
      .range(0.1, 50);
  f.add("resamples", resamples, "of every bootstrap and permutation").range(100, 1'000'000);
}

}  // namespace film::scores
