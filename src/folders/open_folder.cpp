#include "film/folders/open_folder.h"

#include "film/base/error.h"
#include "settings_record.h"

namespace film::folders {

FolderKind kind_of_folder(const fs::path& folder) {
  if (!fs::is_directory(folder)) throw no_input(folder.string() + " is not a folder");
  if (!fs::exists(folder / "settings.json")) {
    if (fs::exists(folder / "config.json")) return FolderKind::model;
    throw no_input(folder.string() + " holds neither settings.json nor config.json",
                   "name a folder that film wrote, or a model folder in Hugging Face's layout");
  }
  const std::string command = SettingsRecord::read(folder).command;
  const std::optional<FolderKind> kind = from_name<FolderKind>(command);
  if (!kind || kind == FolderKind::model)
    throw bad_data((folder / "settings.json").string() + ": key \"verb\" is \"" + command +
                   "\", expected synth, qa, train, eval, report, export or benchmark");
  return *kind;
}

std::string recorded_setting(const fs::path& folder, const char* key) {
  return fs::exists(folder / "settings.json") ? SettingsRecord::read(folder).text(key) : "";
}

std::vector<std::string> recorded_settings(const fs::path& folder, const char* key) {
  const Json settings = SettingsRecord::read(folder).settings;
  const auto found = settings.find(key);
  const auto list = found == settings.end() ? std::nullopt : read_value<std::vector<std::string>>(*found);
  return list.value_or(std::vector<std::string>{});
}

Json all_recorded_settings(const fs::path& folder) { return SettingsRecord::read(folder).settings; }

std::vector<std::string> recorded_command(const fs::path& folder) {
  const fs::path file = folder / "settings.json";
  return member<std::vector<std::string>>(read_json(file), "command", file.string());
}

AnyFolder open_folder(const fs::path& folder) {
  switch (kind_of_folder(folder)) {
    case FolderKind::synth:
    case FolderKind::qa:
      return DataFolder(folder);
    case FolderKind::train:
      return RunFolder(folder);
    case FolderKind::eval:
    case FolderKind::report:
      return EvalFolder(folder);
    case FolderKind::exported:
      return ExportFolder(folder);
    case FolderKind::benchmark:
      return BenchmarkFolder(folder);
    case FolderKind::model:
      return ModelFolder(folder);
  }
  throw internal_error("a kind of folder without a reader");
}

}  // namespace film::folders
