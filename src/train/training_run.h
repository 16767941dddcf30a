#pragma once
// Everything that lives as long as a run: weights, gradient accumulators, optimizer state, the buffers of
// saved activations. Allocated once, as the memory plan says.
#include <memory>
#include <optional>

#include "film/checkpoint/checkpoint.h"
#include "film/engine/train_settings.h"
#include "film/model/activations.h"
#include "gathered_model.h"
#include "loop_state.h"
#include "optimizer_state.h"

namespace film::train {

// The groups of ranks in which a run exchanges tensors, by what they have in common (engine/sharing.h). Of one process:
// nobody else.
struct RunGroups {
  ranks::Group sharers, copies, sequence;
};
// All at once, by all ranks.
RunGroups open_groups(ranks::Team& team, const engine::Sharing& sharing);

// Which of several processes a run's memory is for.
struct RunPart {
  engine::Sharing sharing = {};
  ranks::Team* team = nullptr;  // null: one process
};

struct TrainingRun {
  engine::ModelConfig config;
  engine::Sharing sharing;
  RunGroups groups;
  std::unique_ptr<GatheredModel>
      gathered;                     // where ranks share layers: then what passes read and write is in it
  model::ModelTensors weights;      // fp32, or bf16 with the low bits of the masters in `optimizer`
  model::ModelTensors gradients;    // in the type of sums; undefined where nothing is trained
  model::ParameterList parameters;  // views of both, or of this rank's slices
  model::Range owned;               // elements whose state `optimizer` has
  OptimizerState optimizer;
  std::optional<model::ActivationBuffers> activations;  // none: a pass makes its own
  LoopState loop;
};

// Memory for a model of this shape, weights not yet set, with type and device of `options`. folder: for a
// scratch file (memory.offload). is_trained: the parameters that are not frozen; empty: all.
TrainingRun make_run(const engine::ModelConfig& config, const at::TensorOptions& options,
                     const engine::MemorySettings& memory, const fs::path& folder,
                     const model::ParameterFilter& is_trained = {}, const RunPart& part = {});

// A new model's weights (initial_value), or those of a Hugging Face folder; masters are exact in both.
void initialise(TrainingRun& run, const engine::InitSettings& init, std::uint64_t seed);
void load(TrainingRun& run, const fs::path& model_folder);

// What a checkpoint keeps beside the weights, to save or to fill.
checkpoint::TrainingState state_of(const TrainingRun& run);

}  // namespace film::train
