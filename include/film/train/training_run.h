#pragma once
// Everything that lives as long as a run: weights, gradient accumulators, optimizer state, the place where
// activations are kept. Allocated once, as the memory plan says.
#include <optional>

#include "film/engine/train_settings.h"
#include "film/model/activations.h"
#include "film/train/loop_state.h"
#include "film/train/optimizer_state.h"

namespace film::train {

struct TrainingRun {
  engine::ModelConfig config;
  model::ModelTensors weights;    // fp32, or bf16 with the low bits of the masters in `optimizer`
  model::ModelTensors gradients;  // in the type of sums
  OptimizerState optimizer;
  std::optional<model::Activations> activations;  // none: a pass makes its own
  LoopState loop;
};

// Memory for a model of this shape, weights not yet set, with type and device of `options`. folder: for a
// scratch file (memory.state).
TrainingRun make_run(const engine::ModelConfig& config, const at::TensorOptions& options,
                     const engine::MemorySettings& memory, const fs::path& folder);

// A new model's weights (initial_value), or those of a Hugging Face folder; masters are exact in both.
void initialise(TrainingRun& run, const engine::InitSettings& init, std::uint64_t seed);
void load(TrainingRun& run, const fs::path& model_folder);

}  // namespace film::train
