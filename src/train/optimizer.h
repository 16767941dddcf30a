#pragma once
// AdamW with parameter groups over a list of parameters.
#include <vector>

#include "film/engine/train_settings.h"
#include "film/model/parameters.h"
#include "optimizer_state.h"

namespace film::train {

// Frozen parameters are left alone: their weights, moments and gradients are neither read nor written.
class Optimizer {
 public:
  Optimizer(const engine::OptimizerSettings& settings, const model::ParameterList& parameters);

  // Sum of squares of all gradients, or of those among some elements of the flat buffers; in float64.
  double squared_norm(const model::Range& range) const;
  double gradient_norm() const;  // sqrt of that of all
  // One step of the parameters' elements that `state` owns; `t` counts applied steps from 1. Gradients are
  // scaled down to settings.clip when their norm is larger.
  void step(OptimizerState& state, double learning_rate, double norm, std::int64_t t) const;

 private:
  struct Trained {
    model::Parameter parameter;
    double learning_rate_scale, weight_decay;  // of its group
  };
  engine::OptimizerSettings settings_;
  std::vector<Trained> trained_;
};

}  // namespace film::train
