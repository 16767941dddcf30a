#include "film/folders/open_folder.h"

#include "film/base/error.h"
#include "settings_record.h"

namespace film::folders {

AnyFolder open_folder(const fs::path& folder) {
  if (!fs::is_directory(folder)) throw no_input(folder.string() + " is not a folder");
  if (!fs::exists(folder / "settings.json")) {
    if (fs::exists(folder / "config.json")) return ModelFolder(folder);
    throw no_input(folder.string() + " holds neither settings.json nor config.json",
                   "name a folder that film wrote, or a model folder in Hugging Face's layout");
  }
  const std::string command = SettingsRecord::read(folder).command;
  if (command == "synth") return DataFolder(folder);
  if (command == "qa") return DataFolder(fs::absolute(folder).lexically_normal().parent_path());
  if (command == "train") return RunFolder(folder);
  if (command == "eval") return EvalFolder(folder);
  throw bad_data((folder / "settings.json").string() + ": key \"verb\" is \"" + command +
                 "\", expected synth, qa, train or eval");
}

}  // namespace film::folders
