#pragma once
// The shapes of published models by the name of their folder: a plan needs no more of a model than that.
#include <optional>

#include "film/engine/model_config.h"

namespace film::engine {

// From their config.json on the Hugging Face hub. Nothing for another name; case does not matter.
std::optional<ModelConfig> known_model(const fs::path& folder);

}  // namespace film::engine
