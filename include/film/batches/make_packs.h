#pragma once
// The examples of one training step -> packs, with the weight of every answer token.
#include "film/batches/encode.h"
#include "film/batches/pack.h"
#include "film/batches/plan_packs.h"

namespace film::batches {

// What answer tokens weigh in one step. It depends on the whole step, not on the pack they stand in.
class AnswerWeights {
 public:
  AnswerWeights(const std::vector<ExampleShape>& step, LossWeighting weighting);
  double of(std::int64_t answer) const;  // of each token of an answer of so many tokens

 private:
  LossWeighting weighting_;
  double pairs_ = 0, tokens_ = 0;  // of the step
};

// One pack of a plan. `step` has a place for every example of the step; those that the plan does not name may
// be left empty. The others have the shapes that the plan was made for.
Pack build_pack(const PackPlan& plan, const std::vector<EncodedExample>& step, const AnswerWeights& weights);

// All packs of a step: plan_packs, then build_pack for each.
std::vector<Pack> make_packs(const std::vector<EncodedExample>& step, const PackOptions& options);

}  // namespace film::batches
