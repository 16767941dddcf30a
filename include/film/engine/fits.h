#pragma once
// Does a training run fit this machine? Refused before a byte is allocated, by its own plan.
#include <cstdint>
#include <optional>

#include "film/base/error.h"
#include "film/engine/memory_plan.h"
#include "film/engine/train_settings.h"

namespace film::engine {

// Nothing where `plan` needs at most `left` bytes; else a config_error that names the largest item and the ways out,
// first the one that makes that item smaller.
std::optional<Error> memory_refusal(const MemoryPlan& plan, std::uint64_t left,
                                    const TrainSettings& settings);
// Throws it.
void require_memory(const MemoryPlan& plan, std::uint64_t left, const TrainSettings& settings);

// The most that the checkpoints of a run of `steps` steps (and offloaded state) take on disk at one time, in bytes.
std::uint64_t disk_bytes(const TrainSettings& settings, const ModelConfig& config, std::int64_t steps,
                         Offload offload);

// Throws config_error unless the disk of `run` has so many bytes, counting what its checkpoints take now.
void require_disk(std::uint64_t bytes, const fs::path& run);

}  // namespace film::engine
