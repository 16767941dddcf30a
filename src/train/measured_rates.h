#pragma once
// How fast this machine does the parts of a training step, from a second of each.
#include <ATen/ATen.h>

#include "film/engine/run_time.h"

namespace film::train {

// tile: rows of the longest causal sequence, which says how attention is computed.
engine::Rates measured_rates(const engine::ModelConfig& config, const at::TensorOptions& options,
                             std::int64_t tile);

}  // namespace film::train
