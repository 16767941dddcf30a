#pragma once
// What a run will do and need, known before it starts: from the lengths of its examples, no context is read.
#include <ATen/core/Tensor.h>

#include <vector>

#include "film/batches/make_packs.h"
#include "film/engine/results.h"
#include "stage_data.h"

namespace film::train {

struct RunPlan {
  std::vector<std::vector<batches::StepPlan>> stages;  // every step of each stage
  std::int64_t steps = 0;                              // at most: a stage may end early
  std::uint64_t pairs = 0, tokens = 0, answer_tokens = 0, padding = 0, passes = 0;
  double linear_flops = 0, attention_flops = 0;  // forward and backward, without what is computed again
  engine::PassShape longest;                     // the most of each that any pass has
  engine::MemoryPlan memory;
};

// How the settings ask for a step's examples to be packed, with the costs of this model.
batches::PackOptions pack_options(const engine::TrainSettings& settings, const engine::ModelConfig& config);

// The most of each that any pass over one step's examples has.
engine::PassShape longest_pass(const engine::ModelConfig& config,
                               const std::vector<batches::ExampleShape>& step,
                               const batches::PackOptions& options);

// Packs every step of every stage, once. The memory is that of the device; what is taken there already counts
// as the run's.
RunPlan plan_run(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                 std::vector<StageData>& stages, const at::Device& device);

// Bytes that the run may take on the device, what is taken there now included.
std::uint64_t memory_left(const at::Device& device, const engine::TrainSettings& settings);

// The plan with the time that this device will take: a second of products and attention of the model's own
// shapes is measured here and now.
engine::TrainPlan describe_plan(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                                const RunPlan& plan, const at::Device& device);

}  // namespace film::train
