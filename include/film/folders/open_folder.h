#pragma once
// What is in this folder?
#include <variant>

#include "film/folders/data_folder.h"
#include "film/folders/eval_folder.h"
#include "film/folders/model_folder.h"
#include "film/folders/run_folder.h"

namespace film::folders {

using AnyFolder = std::variant<DataFolder, RunFolder, EvalFolder, ModelFolder>;

// By the command in settings.json; without one a folder with config.json is a model. Throws no_input: the folder is
// missing, or of none of these kinds.
AnyFolder open_folder(const fs::path& folder);

}  // namespace film::folders
