#include "film/base/content_hash.h"
#include "film/evaluation/finished.h"
#include "film/evaluation/models.h"
#include "film/folders/model_folder.h"
#include "film/folders/question_folders.h"
#include "film/tasks/build.h"
#include "given.h"

namespace film::evaluation {
namespace {

void add_model(Json& inputs, const Candidate& model) {
  for (const auto& [file, sha256] : folders::ModelFolder(model.folder).hashes())
    inputs[model.label + "." + file] = sha256;
}

void add_judge(Json& inputs, const JudgeSettings& judge) {
  const Json rubrics = rubric_hashes(judge);
  for (const auto& [key, hash] : rubrics.items())
    if (!hash.is_null()) inputs[key] = hash;
  if (!judge.model.empty()) add_model(inputs, {"judge.model", judge.model});
}

// Files of several lengths have one name, and are told by their folders.
std::string free_key(const Json& inputs, const std::string& task, const fs::path& file) {
  const std::string name = file.filename().string(), key = task + "." + name;
  return inputs.contains(key) ? task + "." + file.parent_path().filename().string() + "/" + name : key;
}

}  // namespace

Json input_hashes(const std::vector<Candidate>& models, const Settings& settings, std::uint64_t limit) {
  Json inputs = {{"limit", limit}};
  for (const Candidate& model : models) {
    if (!model.folder.empty()) add_model(inputs, model);  // an endpoint's identity is in the settings
    for (std::size_t i = 0; i < model.outputs.size(); ++i)
      inputs[model.label + ".outputs." + std::to_string(i)] = content_hash(model.outputs[i]);
  }
  for (const std::string& folder : settings.data) inputs.update(Json(folders::manifest_hashes(folder)));
  const tasks::Catalog catalog(settings.tasks.task_folders);
  std::optional<GivenOutputs> first;
  add_judge(inputs, settings.judge);
  if (all_given(models)) first.emplace(models.front(), settings, catalog);
  const auto made = [&](const std::string& task) {
    if (!first) return tasks::Made::prompts;
    return settings.judge.is_on() || first->questions_of(task).empty() ? tasks::Made::answers
                                                                       : tasks::Made::nothing;
  };
  for (const std::string& task : settings.tasks.tasks)
    for (const fs::path& file : tasks::files_of_task(task, catalog, settings.tasks, made(task)))
      inputs[free_key(inputs, task, file)] = content_hash(file);
  return inputs;
}

}  // namespace film::evaluation
