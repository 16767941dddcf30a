#include "film/base/log.h"
#include "film/base/progress.h"
#include "film/base/sha256.h"
#include "film/evaluation/models.h"
#include "film/folders/model_folder.h"
#include "film/tasks/build.h"

namespace film::evaluation {
namespace {

// Files of a model, by label.
void add_model(Json& inputs, const Candidate& model) {
  const folders::ModelFolder folder(model.folder);
  for (const auto& [file, hash] : folder.hashes()) inputs[model.label + "." + file] = hash;
}

}  // namespace

Json input_hashes(const std::vector<Candidate>& models, const Settings& settings, std::uint64_t limit) {
  Json inputs = {{"limit", limit}};
  for (const Candidate& model : models)
    if (!model.folder.empty()) add_model(inputs, model);  // an endpoint's identity is in the settings
  for (const std::string& folder : settings.data)
    inputs[folder] = sha256_file(fs::path(folder) / "manifest.json");
  const tasks::Catalog catalog(settings.tasks.task_folders);
  for (const std::string& task : settings.tasks.tasks)
    for (const fs::path& file : tasks::files_of_task(task, catalog, settings.tasks))
      inputs[task + "." + file.filename().string()] = sha256_file(file);
  return inputs;
}

}  // namespace film::evaluation
