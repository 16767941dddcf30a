#pragma once
// Position x length x filler: questions that are asked at every depth, each compared with itself.
#include <optional>
#include <vector>

#include "film/scores/settings.h"
#include "position_bins.h"

namespace film::scores {

// By length, then by filler, as the task has them; nothing where its items have no design. Only questions that were answered
// at every depth count.
std::optional<std::vector<DesignCell>> design_cells(const std::vector<Scored>& items,
                                                    const Settings& settings);

// `by_item`: the scores (0..1) of each question at its depths, in order, at least three. Both ends are compared with the mean
// of the depths between them. Intervals of the paired differences: mean and variance with two added pairs, half a point
// up and half down each (A. Agresti, Y. Min, Statistics in Medicine 24 (2005) 729), Student's t over questions. "flat": the
// 90 % interval of each end lies within `flat_within` points (two one-sided tests). "U": both ends are better than the middle.
WithinItem within_items(const std::vector<std::vector<double>>& by_item, double flat_within);

// The point of Student's t distribution with `degrees` of freedom below which a share `p` (0.5 to 1) lies.
double student_t(double p, double degrees);

}  // namespace film::scores
