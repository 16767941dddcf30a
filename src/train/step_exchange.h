#pragma once
// What one step exchanges with the other ranks, by what ranks share (engine/sharing.h).
#include "film/model/mistral.h"
#include "film/ranks/team.h"
#include "optimizer.h"
#include "training_run.h"

namespace film::train {

// All parameters stepped everywhere: each layer's sum begins as soon as the backward of the last pass is done with it,
// beside the rest of that pass. Slices of the state alone: one reduce-scatter follows the pass. Slices of everything:
// gathered_model.h.
class StepExchange {
 public:
  StepExchange(TrainingRun& run, ranks::Team& team);
  // What a pass calls; by ranks without a pack too, where they have to be in step.
  void attach(model::PassOptions& options, bool last_pass);
  // Afterwards run.owned of the flat gradients is the sum.
  void finish_gradients();
  // sqrt of the squares of all gradients.
  double gradient_norm(const Optimizer& optimizer) const;
  // After the step of run.owned.
  void spread_weights() const;

 private:
  void begin_sum(std::int64_t first, std::int64_t end);
  void layer_done(std::size_t layer);

  TrainingRun& run_;
  ranks::Team& team_;
  std::vector<model::Range> layers_;  // elements of each
  std::size_t open_ = 0;              // the sums of layers [0, open_) have not begun
  std::vector<ranks::Pending> sums_;
  model::SequencePart sequence_;  // of more than one rank: what attention exchanges in every pass
};

// Where the parameters of each layer are in the flat buffers, what lies between them included.
std::vector<model::Range> layer_ranges(const model::ParameterList& parameters, std::size_t layers);

}  // namespace film::train
