#pragma once
// AdamW with parameter groups over the model's tensors.
#include <vector>

#include "film/engine/train_settings.h"
#include "film/model/tensors.h"
#include "film/train/optimizer_state.h"

namespace film::train {

class Optimizer {
 public:
  Optimizer(const engine::OptimizerSettings& settings, const engine::ModelConfig& config);

  // sqrt of the sum of squares of all gradients, in float64.
  double gradient_norm(const model::ModelTensors& gradients) const;
  // One step; `t` counts applied steps from 1. Gradients are scaled down to settings.clip when their norm is
  // larger.
  void step(model::ModelTensors& weights, const model::ModelTensors& gradients, OptimizerState& state,
            double learning_rate, double norm, std::int64_t t) const;

 private:
  engine::ParameterGroup group_of(const std::string& name, model::ParameterKind kind) const;
  engine::OptimizerSettings settings_;
  engine::ModelConfig config_;
};

}  // namespace film::train
