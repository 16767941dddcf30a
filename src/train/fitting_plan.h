#pragma once
// The start of a run: the device, and a plan that fits it.
#include "film/ranks/team.h"
#include "run_plan.h"
#include "stage_data.h"

namespace film::train {

// The device of the settings, with their choice of attention. Throws config_error.
at::Device open_device(const engine::TrainSettings& settings, const engine::RankPlace& place = {});

// Which of the GPUs that this process sees is its own: that of its number on the node, or the only one, where the launcher
// shows each process one. Throws config_error where there are fewer GPUs than processes.
int gpu_of(const engine::RankPlace& place, int gpus);

// Throws config_error for a causal sequence of `tile` rows that a GPU's attention does not take.
void require_attention(std::int64_t tile, const engine::TrainSettings& settings,
                       const engine::ModelConfig& config, const engine::PlanDevice& device);

// Throws config_error unless the run has the memory and the disk space that it needs.
RunPlan fitting_plan(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                     std::vector<StageData>& stages, const at::Device& device, const fs::path& folder,
                     const ranks::Team& team, const engine::Sharing& sharing);

// Settings of memory with the offload that the plan decided on.
engine::MemorySettings decided(engine::MemorySettings memory, const engine::MemoryPlan& plan);

}  // namespace film::train
