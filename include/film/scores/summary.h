#pragma once
// Predictions -> Score: means by evidence position, Avg, Gap, intervals; and two models compared on the same items.
// A task without positions has the plain mean and no curve.
//
// Intervals per bin: Wilson for metrics of 0 and 1, percentile bootstrap for fractional ones. Of Avg: Wilson
// on the effective number B^2 / sum(1/n_b), bootstrap within bins otherwise. notes["interval"] says which.
// notes["gap_by_chance"]: {"mean","high"} of the gap when the same scores are dealt to the bins at random:
// what a flat curve would show at these counts. notes["ends"]: {"ends","middle","difference","low","high","verdict"}, the two
// ends of the curve against its middle with a 95 % interval, in points.
#include <vector>

#include "film/records/scores.h"
#include "film/scores/settings.h"
#include "film/tasks/task.h"

namespace film::scores {

// `predictions` of items of `task`, in any order; items without one are left out and counted in
// notes["unanswered"]. Prediction::score is used as it is.
Score summarise(const tasks::Task& task, const std::vector<Prediction>& predictions,
                const Settings& settings);

// Same items of both lists, matched by id. Labels name the models.
Comparison compare(const tasks::Task& task, const std::vector<Prediction>& before,
                   const std::vector<Prediction>& after, const std::string& before_label,
                   const std::string& after_label, const Settings& settings);

}  // namespace film::scores
