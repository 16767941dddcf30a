#pragma once
// RUN/memory.json: a log, since it depends on the machine of the moment.
#include "film/ranks/team.h"
#include "run_plan.h"

namespace film::train {

// At the start: the plan.
void write_memory_log(const fs::path& run, const engine::MemoryPlan& plan);
// At the end also the peak of this process, and the bytes that it exchanged with others.
void write_memory_log(const fs::path& run, const engine::MemoryPlan& plan, const at::Device& device,
                      const ranks::Team& team);

}  // namespace film::train
