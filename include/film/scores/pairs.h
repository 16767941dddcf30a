#pragma once
// Which of several models differ: every pair, questions about one context taken together.
#include <string>
#include <vector>

#include "film/records/pairs.h"
#include "film/scores/settings.h"
#include "film/tasks/task.h"

namespace film::scores {

// Every pair of models on one task, the earlier first. predictions[m] are those of labels[m]. A unit is a context with its
// questions, or a question that is asked in several contexts (tasks::Design). Interval: percentile bootstrap over units. p:
// sign-flip permutation of the units' sums, (1 + as far from 0) / (1 + resamples). Uncorrected.
std::vector<PairDifference> pair_differences(const tasks::Task& task,
                                             const std::vector<std::vector<Prediction>>& predictions,
                                             const std::vector<std::string>& labels,
                                             const Settings& settings);

// Sets PairDifference::corrected of all by S. Holm's step-down rule (Scandinavian Journal of Statistics 6 (1979) 65).
void correct(std::vector<PairDifference>& pairs);

}  // namespace film::scores
