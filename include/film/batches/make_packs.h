#pragma once
// The examples of one training step -> packs, one at a time, with the weight of every answer token.
#include <functional>

#include "film/batches/encode.h"
#include "film/batches/pack.h"
#include "film/batches/plan_packs.h"

namespace film::batches {

// What answer tokens weigh in one step. It depends on the whole step, not on the pack that they are in.
class AnswerWeights {
 public:
  AnswerWeights(const std::vector<ExampleShape>& step, engine::LossWeighting weighting);
  double of(std::int64_t answer) const;  // of each token of an answer of so many tokens

 private:
  engine::LossWeighting weighting_;
  double pairs_ = 0, tokens_ = 0;  // of the step
};

// One training step before any context is read: every pack of it can be built from this alone, by anyone.
struct StepPlan {
  std::vector<PackPlan> packs;
  AnswerWeights weights;
};
StepPlan plan_step(const std::vector<ExampleShape>& step, const PackOptions& options);

// The example of a number in the step, of the shape that the plan was made for. Called once for each example
// of a pack.
using ReadExample = std::function<EncodedExample(std::size_t example)>;

Pack build_pack(const PackPlan& plan, const AnswerWeights& weights, const ReadExample& read);

}  // namespace film::batches
