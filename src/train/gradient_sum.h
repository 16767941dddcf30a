#pragma once
// The gradients of one step, added up over all processes of a run.
#include "film/ranks/team.h"
#include "training_run.h"

namespace film::train {

// With all parameters stepped everywhere, each layer's sum begins as soon as the backward of the last pass is done with
// it, beside the rest of that pass. With a slice each, one reduce-scatter follows the pass.
class GradientSum {
 public:
  GradientSum(TrainingRun& run, ranks::Team& team);
  // Called when a layer's gradients are complete, the last layer first; by all or, where there was no pass, by none.
  void layer_done(std::size_t layer);
  // Afterwards run.owned of the flat gradients is the sum.
  void finish();

 private:
  void begin(std::int64_t first, std::int64_t end) const;
  TrainingRun& run_;
  ranks::Team& team_;
  std::vector<model::Range> layers_;  // elements of each
  std::size_t open_ = 0;              // layers [0, open_) have not begun
  bool sliced_;
};

// Where the parameters of each layer are in the flat buffers, what lies between them included.
std::vector<model::Range> layer_ranges(const model::ParameterList& parameters, std::size_t layers);

}  // namespace film::train
