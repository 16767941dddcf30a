#pragma once
// What is in this folder?
#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "film/base/enum_names.h"
#include "film/folders/benchmark_folder.h"
#include "film/folders/data_folder.h"
#include "film/folders/eval_folder.h"
#include "film/folders/export_folder.h"
#include "film/folders/model_folder.h"
#include "film/folders/run_folder.h"

namespace film::folders {

// By the command that wrote it; `model`: a model in Hugging Face's layout, film's checkpoints among them.
enum class FolderKind : std::uint8_t { synth, qa, train, eval, report, exported, benchmark, model };
constexpr auto enum_names(FolderKind) {
  return std::array{EnumName{FolderKind::synth, "synth"},         EnumName{FolderKind::qa, "qa"},
                    EnumName{FolderKind::train, "train"},         EnumName{FolderKind::eval, "eval"},
                    EnumName{FolderKind::report, "report"},       EnumName{FolderKind::exported, "export"},
                    EnumName{FolderKind::benchmark, "benchmark"}, EnumName{FolderKind::model, "model"}};
}

// By the command in settings.json; without one a folder with config.json is a model. Throws no_input: the folder is
// missing, or of none of these kinds; bad_data: settings.json is damaged.
FolderKind kind_of_folder(const fs::path& folder);

// A text at the root of the settings that a folder was made with; empty: there is none, or film did not make it.
std::string recorded_setting(const fs::path& folder, const char* key);

// The same of a list of texts.
std::vector<std::string> recorded_settings(const fs::path& folder, const char* key);

// All settings that a folder of film's was made with, nested. Throws no_input, bad_data.
Json all_recorded_settings(const fs::path& folder);

// The command line that made a folder of film's. Throws no_input, bad_data.
std::vector<std::string> recorded_command(const fs::path& folder);

using AnyFolder = std::variant<DataFolder, RunFolder, EvalFolder, ExportFolder, BenchmarkFolder, ModelFolder>;

// The folder's reader. Throws as the readers do, too.
AnyFolder open_folder(const fs::path& folder);

}  // namespace film::folders
