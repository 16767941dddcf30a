#pragma once
// Everything that lives as long as a run: weights, gradient accumulators, optimizer state, the buffers of
// saved activations. Allocated once, as the memory plan says.
#include <optional>

#include "film/checkpoint/checkpoint.h"
#include "film/engine/train_settings.h"
#include "film/model/activations.h"
#include "film/model/parameters.h"
#include "loop_state.h"
#include "optimizer_state.h"

namespace film::train {

// The slice of the parameters whose optimizer state is kept here: that of one of several processes.
struct StateSlice {
  int rank = 0, ranks = 1;
};

struct TrainingRun {
  engine::ModelConfig config;
  model::ModelTensors weights;      // fp32, or bf16 with the low bits of the masters in `optimizer`
  model::ModelTensors gradients;    // in the type of sums; undefined where nothing is trained
  model::ParameterList parameters;  // views of both
  model::Range owned;               // elements whose state `optimizer` has
  OptimizerState optimizer;
  std::optional<model::ActivationBuffers> activations;  // none: a pass makes its own
  LoopState loop;
};

// Memory for a model of this shape, weights not yet set, with type and device of `options`. folder: for a
// scratch file (memory.offload). is_trained: the parameters that are not frozen; empty: all. The flat buffers divide by
// slice.ranks.
TrainingRun make_run(const engine::ModelConfig& config, const at::TensorOptions& options,
                     const engine::MemorySettings& memory, const fs::path& folder,
                     const model::ParameterFilter& is_trained = {}, const StateSlice& slice = {});

// A new model's weights (initial_value), or those of a Hugging Face folder; masters are exact in both.
void initialise(TrainingRun& run, const engine::InitSettings& init, std::uint64_t seed);
void load(TrainingRun& run, const fs::path& model_folder);

// What a checkpoint keeps beside the weights, to save or to fill.
checkpoint::TrainingState state_of(const TrainingRun& run);

}  // namespace film::train
