#pragma once
// Differences between any two of the models of several evaluations.
#include <string>
#include <vector>

#include "film/records/pairs.h"
#include "film/records/scores.h"
#include "film/scores/settings.h"
#include "joined_model.h"

namespace film::evaluation {

struct Differences {
  std::vector<Comparison> comparisons;  // of each other model with the first: by task, then by model
  std::vector<PairDifference> pairs;    // of any two models, by task; corrected over all of them
  std::vector<std::string> remarks;     // which were not compared, or over fewer questions, and why
};

// Over the questions that both of a pair were asked, those of one context as one unit. Of two models of one evaluation the
// numbers are those of its own scores.json, but for the correction.
Differences differences_of(const std::vector<JoinedModel>& models, const scores::Settings& summing);

}  // namespace film::evaluation
