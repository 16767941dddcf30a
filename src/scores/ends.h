#pragma once
// The two ends of a curve by position against its middle: what "lost in the middle" says, as one number with its interval.
#include <optional>
#include <string>
#include <vector>

#include "position_bins.h"

namespace film::scores {

// In points, 0..100. Ends: mean of the first and the last bin; middle: mean of the bins whose centre lies in the middle half
// of the context, every bin alike. The interval of the difference (95 %) is Student's t on the standard error of a weighted
// sum, with the answers of one context as one unit (arXiv 2411.00640); for scores of 0 and 1 the error is at least that of
// two independent shares with one right and one wrong answer added to each (A. Agresti, B. Caffo, The American Statistician
// 54 (2000) 280), so that it has a width where all answers agree. "flat": the 90 % interval lies within `flat_within` points
// (two one-sided tests); "U": the 95 % interval lies above 0.
struct EndsAgainstMiddle {
  double ends = 0, middle = 0, difference = 0, low = 0, high = 0;
  std::string verdict;
};
// Nothing with fewer than four bins, where one of these bins is empty, or with fewer than two units.
std::optional<EndsAgainstMiddle> ends_against_middle(const tasks::Task& task,
                                                     const std::vector<Scored>& items, bool zero_one,
                                                     const Settings& settings);

}  // namespace film::scores
