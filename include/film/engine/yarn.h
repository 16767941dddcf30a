#pragma once
// A trained window made longer for evaluation.
#include "film/base/files.h"
#include "film/engine/model_config.h"

namespace film::engine {

// The model of a config.json with its window `factor` times as long by YaRN (arXiv 2309.00071): as if config.json had
// rope_scaling {"rope_type": "yarn", "factor", "original_max_position_embeddings": its window}. factor 1: as it is. Throws
// config_error where the folder has a scaling of its own, and as model_config_from_hugging_face does.
ModelConfig config_with_yarn(const fs::path& config_json, double factor);

}  // namespace film::engine
