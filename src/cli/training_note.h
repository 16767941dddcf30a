#pragma once
// A word beside scores that a training run has not moved: zeros must not stand there as if something were broken.
#include <cstdint>
#include <string>
#include <vector>

#include "film/records/scores.h"

namespace film::cli {

// One or two lines; empty where a score rose by more than chance explains, or where nothing was compared. `steps`: of the
// run that was compared with its starting point.
std::string training_note(const std::vector<Comparison>& comparisons, std::int64_t steps);

}  // namespace film::cli
