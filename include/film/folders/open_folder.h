#pragma once
// What is in this folder?
#include <array>
#include <cstdint>
#include <variant>

#include "film/base/enum_names.h"
#include "film/folders/data_folder.h"
#include "film/folders/eval_folder.h"
#include "film/folders/model_folder.h"
#include "film/folders/run_folder.h"

namespace film::folders {

// By the command that wrote it; `model`: a model in Hugging Face's layout, film's checkpoints among them.
enum class FolderKind : std::uint8_t { synth, qa, train, eval, model };
constexpr auto enum_names(FolderKind) {
  return std::array{EnumName{FolderKind::synth, "synth"}, EnumName{FolderKind::qa, "qa"},
                    EnumName{FolderKind::train, "train"}, EnumName{FolderKind::eval, "eval"},
                    EnumName{FolderKind::model, "model"}};
}

// By the command in settings.json; without one a folder with config.json is a model. Throws no_input: the folder is
// missing, or of none of these kinds; bad_data: settings.json is damaged.
FolderKind kind_of_folder(const fs::path& folder);

using AnyFolder = std::variant<DataFolder, RunFolder, EvalFolder, ModelFolder>;

// The folder's reader. Throws as the readers do, too.
AnyFolder open_folder(const fs::path& folder);

}  // namespace film::folders
