#include "film/folders/run_folder.h"

#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/manifest.h"
#include "settings_record.h"

namespace film::folders {

RunFolder::RunFolder(const fs::path& folder) : path_(folder) {
  if (!fs::exists(folder / "settings.json"))
    throw no_input(folder.string() + " holds no training run (no settings.json)", "run film train first");
  const SettingsRecord record = SettingsRecord::read(folder);
  if (record.command != "train")
    throw no_input(folder.string() + " was made by film " + record.command +
                   ", expected a folder of film train");
  model_folder_ = record.text("model_folder");
  const fs::path file = folder / "manifest.json";
  if (fs::exists(file)) facts_ = from_json<TrainFacts>(Manifest::read(file).facts(), file.string());
}

const TrainFacts& RunFolder::facts() const {
  if (!facts_)
    throw no_input("the training run " + path_.string() + " is not finished",
                   "run film train to its end, or name one of its checkpoints");
  return *facts_;
}

fs::path RunFolder::final_checkpoint() const { return path_ / facts().final_checkpoint; }

std::optional<fs::path> RunFolder::starting_point() const {
  const fs::path initial = path_ / "checkpoints" / "initial";
  if (fs::exists(initial)) return initial;
  if (model_folder_.empty()) return std::nullopt;
  return model_folder_;
}

std::vector<Json> RunFolder::metrics() const {
  std::vector<Json> rows;
  const fs::path file = path_ / "metrics.jsonl";
  if (fs::exists(file))
    for_each_record(file, [&](const Json& row, const std::string&) { rows.push_back(row); });
  return rows;
}

}  // namespace film::folders
