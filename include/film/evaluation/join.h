#pragma once
// Several finished evaluations as one.
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/records/agreement.h"
#include "film/records/length_table.h"
#include "film/records/pairs.h"
#include "film/records/samples.h"
#include "film/records/scores.h"

namespace film::evaluation {

struct Joined {
  std::vector<ModelScores> models;      // of all folders, in their order; labels are unique
  std::vector<Comparison> comparisons;  // of each other model with the first: by task, then by model
  std::vector<PairDifference> pairs;    // of any two models, by task; corrected over all of them
  std::vector<LengthTable> lengths;     // of benchmarks of lengths
  std::vector<Agreement> agreements;    // of judges with people, of all folders
  std::vector<AnswerSample> samples;    // by task
  std::vector<std::string> remarks;     // what was not compared, and why
};

// `names` are short names of the EVAL folders: a label that several have gets its folder's in front. A model that an
// earlier folder has too, with the same weights and scores, is not repeated. Differences are over the questions that two
// models both answered: the same id, reference answer and place of the evidence. Throws no_input (no finished
// evaluation) and bad_data.
Joined join(const std::vector<fs::path>& evals, const std::vector<std::string>& names);

}  // namespace film::evaluation
