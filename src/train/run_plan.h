#pragma once
// What a run will do and need, known before it starts: from the lengths of its examples, no context is read.
#include <functional>
#include <vector>

#include "film/batches/make_packs.h"
#include "pass_cost.h"
#include "plan_target.h"

namespace film::train {

// The examples of one stage as a plan sees them.
struct StageShapes {
  std::int64_t steps = 0, batch = 0;
  std::function<batches::ExampleShape(std::uint64_t place)> shape;  // of the example at a place of the order
  std::int64_t sampled = 0;  // steps that are planned; the others are taken to be like them. 0: all
};

struct RunPlan {
  std::vector<std::vector<batches::StepPlan>> stages;  // every step of each stage
  std::int64_t steps = 0;                              // at most: a stage may end early
  std::uint64_t pairs = 0, tokens = 0, answer_tokens = 0, padding = 0, passes = 0;
  double flops = 0;               // of the model, forward and backward, without what is computed again
  engine::RunRows computed;       // rows of all passes, padding included
  engine::PassShape longest;      // the most of each that any pass has
  std::int64_t longest_tile = 0;  // rows of the longest causal sequence
  engine::MemoryPlan memory;
};

// How the settings ask for a step's examples to be packed, with the costs of this model.
batches::PackOptions pack_options(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                                  const engine::PlanDevice& device);

// The packs of a step that each team of ranks computes.
std::vector<std::vector<std::size_t>> shares_of(const batches::StepPlan& step,
                                                const engine::Sharing& sharing);

// The most of each that any pass over one step's examples has.
engine::PassShape longest_pass(const engine::ModelConfig& config,
                               const std::vector<batches::ExampleShape>& step,
                               const batches::PackOptions& options);

// Packs every step of every stage, once, for that device.
RunPlan plan_run(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                 const std::vector<StageShapes>& stages, const PlanTarget& target);

}  // namespace film::train
