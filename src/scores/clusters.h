#pragma once
// Questions about one context are answered well or badly together: standard errors that know it.
#include <optional>
#include <vector>

#include "position_bins.h"

namespace film::scores {

// The number of the unit that each answer belongs to (Units), itself included.
std::vector<std::size_t> units_of(const tasks::Task& task, const std::vector<Scored>& items);

// Of the plain mean, in points. E. Miller, arXiv 2411.00640, with the correction G / (G - 1) for few units and Student's t
// with G - 1 degrees of freedom.
struct ClusteredError {
  std::size_t units = 0;
  double plain = 0, clustered = 0;  // standard errors
  double low = 0, high = 0;         // 95 % interval, 0..100
};
// Nothing with fewer than two units, or where every unit is one answer.
std::optional<ClusteredError> clustered_error(const tasks::Task& task, const std::vector<Scored>& items);

}  // namespace film::scores
