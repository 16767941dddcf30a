#pragma once
// Rows and arithmetic of one pass, from the shapes of its sequences.
#include "film/batches/plan_packs.h"
#include "film/engine/model_config.h"
#include "film/engine/run_time.h"

namespace film::train {

struct PassCost {
  // Of the model: what a run has to do. visible: pairs of a row and a row that it sees.
  double rows = 0, answers = 0, visible = 0, answer_visible = 0;
  // What is computed: the same with pad rows.
  double padded_rows = 0, padded_visible = 0;
  std::int64_t longest_tile = 0;  // rows of the longest causal sequence

  void add(const batches::ExampleShape& example, const batches::PlannedSequence& sequence);
};

// Floating-point operations of forward and backward: twice as much backward as forward. In the last layer everything
// after keys and values, and the head, run on answer rows. Nothing that is padding or computed again.
double model_flops(const engine::ModelConfig& config, const PassCost& pass);

}  // namespace film::train
