#pragma once
// What a run is made from: the model's folder and shape, and the data. All is opened before anything is written.
#include <vector>

#include "stage_data.h"

namespace film::train {

// The folder that the model is read from: the one named, or where that has gone since, the newest checkpoint of `run`.
// Empty for a new model.
fs::path base_of(const engine::TrainSettings& settings, const fs::path& run);

// The shape of the model that is trained, with the settings' changes. Throws no_input, bad_data, config_error.
engine::ModelConfig config_of(const engine::TrainSettings& settings, const fs::path& base);

// The base model is read again by every start, but for its weights. Throws bad_data: its config.json is not what it was
// when `checkpoint` was written.
void require_same_base(const fs::path& base, const engine::ModelConfig& config,
                       const engine::FolderOrigin& origin, const fs::path& checkpoint);

// Throws config_error for a vocabulary or an example that the model is too small for.
std::vector<StageData> open_stages(const engine::TrainSettings& settings, const text::Tokenizer& tokenizer,
                                   const engine::ModelConfig& config);

}  // namespace film::train
