#pragma once
// Where a run is planned for: the device that is here, or a GPU by name.
#include <ATen/core/Tensor.h>

#include "film/engine/gpu_model.h"
#include "film/engine/memory_plan.h"
#include "film/engine/train_settings.h"

namespace film::train {

struct PlanTarget {
  engine::PlanDevice device;
  engine::MemoryPlaces places;  // limit: what a plan is made for, with a reserve
  std::uint64_t most = 0;       // what a plan is refused beyond

  void share(const engine::Sharing& sharing);  // by the processes of the run
};

// What is taken on the device already counts as the run's. folder: where the run is, or will be. ranks: processes of the
// run on this host, which share its memory.
PlanTarget target_here(const at::Device& device, const engine::TrainSettings& settings,
                       const fs::path& folder, int ranks = 1);
// An idle one, in a host with as much memory and disk space as it takes.
PlanTarget target_on(const engine::GpuModel& gpu, const engine::TrainSettings& settings);

}  // namespace film::train
