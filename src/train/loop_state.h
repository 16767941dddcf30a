#pragma once
// Everything the training loop knows besides weights and moments: saved with every checkpoint, so that a
// resumed run continues exactly where it was.
#include <cstdint>

#include "film/base/json_fields.h"

namespace film::train {

struct LoopState {
  std::int64_t step = 0;        // optimizer steps done
  std::int64_t stage = 0;       // index of the current stage
  std::int64_t stage_step = 0;  // steps done in it
  std::uint64_t cursor = 0;     // examples read in it (batches::ExampleOrder)
  double accuracy = 0;          // moving average over pairs answered right in whole, of the current stage
  double accuracy_weight = 0;   // sum of its weights: accuracy / accuracy_weight is the unbiased average
  std::int64_t bad_steps = 0;   // steps in a row that were not applied
  std::int64_t applied = 0;     // steps that were applied: AdamW's t
  std::uint64_t pairs = 0, tokens = 0;  // seen so far

  template <class Self, class Visitor>
  static void fields(Self& state, Visitor& visit) {
    visit("step", state.step);
    visit("stage", state.stage);
    visit("stage_step", state.stage_step);
    visit("place", state.cursor);  // the name that format 2 gave it
    visit("accuracy", state.accuracy);
    visit("accuracy_weight", state.accuracy_weight);
    visit("bad_steps", state.bad_steps);
    visit("applied", state.applied);
    visit("pairs", state.pairs);
    visit("tokens", state.tokens);
  }

  double mean_accuracy() const { return accuracy_weight > 0 ? accuracy / accuracy_weight : 0; }
};

}  // namespace film::train
