#pragma once
// The rotary position embedding that a config.json asks for.
#include "film/engine/model_config.h"

namespace film::engine {

struct RopeReading {
  double theta = 1e4;
  RopeScaling scaling = {};
};

// rope_theta, rope_scaling (transformers 4) and rope_parameters (transformers 5), as transformers reads them. Throws
// bad_data: dynamic, longrope, by type of layer, of a part of a head; keys that are missing, of another type or unknown.
RopeReading rope_of(const Json& config, std::int64_t max_position_embeddings, const std::string& where);

}  // namespace film::engine
