#include "film/evaluation/models.h"

#include <algorithm>
#include <set>

#include "film/base/error.h"
#include "film/base/unicode.h"
#include "film/engine/model_config.h"
#include "film/folders/open_folder.h"

namespace film::evaluation {
namespace {

bool is_run(const fs::path& folder) {
  return fs::exists(folder / "settings.json") &&
         folders::kind_of_folder(folder) == folders::FolderKind::train;
}

// A run folder's trained model, or the folder itself.
fs::path model_folder(const fs::path& given) {
  if (given.empty())
    throw config_error(
        "no model given",
        "--set model=FOLDER (a run of film train or a Hugging Face folder), or --set endpoint.model=NAME");
  engine::require_model_folder(given);
  const fs::path folder = is_run(given) ? folders::RunFolder(given).final_checkpoint() : given;
  engine::model_config_from_hugging_face(folder /
                                         "config.json");  // what cannot be read is said before any work
  return folder;
}

// What a model is compared with by default; empty if there is nothing.
fs::path baseline_folder(const Settings& settings) {
  if (!settings.baseline.empty()) return model_folder(settings.baseline);
  const fs::path run = settings.model;
  const fs::path start =
      is_run(run) ? folders::RunFolder(run).starting_point().value_or(fs::path()) : fs::path();
  if (!start.empty() && !fs::is_directory(start))
    throw no_input("the model that " + run.string() + " began with is not at " + start.string() + " any more",
                   "--set baseline=FOLDER says where it is; --set model=" +
                       folders::RunFolder(run).final_checkpoint().string() + " scores the trained one alone");
  return start;
}

// Labels become parts of file names.
void check_label(const std::string& label) {
  const bool clean = std::all_of(label.begin(), label.end(), [](char c) {
    return is_ascii_alnum(c) || c == '_' || c == '-' || c == '.';
  });
  if (label.empty() || !clean)
    throw config_error("\"" + label + "\" is not a valid label for a model",
                       "set models.N.label; use letters, digits, '_', '-' and '.'");
}

std::string last_part(const std::string& name) {
  const std::size_t end = name.find_last_not_of('/');
  if (end == std::string::npos) return name;
  const std::string kept = name.substr(0, end + 1);
  return kept.substr(kept.find_last_of('/') + 1);
}

Candidate candidate(const ModelEntry& entry, const Settings& settings) {
  const std::string& named = !entry.folder.empty()     ? entry.folder
                             : !entry.endpoint.empty() ? entry.endpoint
                                                       : entry.predictions.front();
  Candidate model{entry.label.empty() ? last_part(named) : entry.label, {}, {}};
  if (!entry.predictions.empty()) {
    model.outputs.assign(entry.predictions.begin(), entry.predictions.end());
  } else if (!entry.folder.empty()) {
    model.folder = model_folder(entry.folder);
  } else {
    model.endpoint = settings.endpoint;
    model.endpoint->model = entry.endpoint;
    if (!entry.base_url.empty()) {
      model.endpoint->base_url = entry.base_url;
      model.endpoint->servers.clear();
      model.endpoint->service =
          model.label;  // or a model of the same name elsewhere would share its journalled answers
    }
  }
  return model;
}

void check_labels(const std::vector<Candidate>& models) {
  std::set<std::string> seen;
  for (const Candidate& model : models) {
    check_label(model.label);
    if (!seen.insert(model.label).second)
      throw config_error("two models have the label \"" + model.label + "\"",
                         "give each of models its own label");
  }
}

// The setting model with what it is compared with, or the endpoint.
std::vector<Candidate> one_or_two(const Settings& settings) {
  if (!settings.predictions.empty())
    return {{"outputs", {}, {}, {settings.predictions.begin(), settings.predictions.end()}}};
  if (settings.model.empty() && !settings.endpoint.model.empty())
    return {{"endpoint", {}, settings.endpoint}};
  std::vector<Candidate> list;
  if (const fs::path before = baseline_folder(settings); !before.empty()) list.push_back({"before", before});
  list.push_back({list.empty() ? "model" : "after", model_folder(settings.model)});
  return list;
}

}  // namespace

std::vector<Candidate> candidates(const Settings& settings) {
  if (settings.models.empty()) return one_or_two(settings);
  std::vector<Candidate> list;
  for (const ModelEntry& entry : settings.models) list.push_back(candidate(entry, settings));
  check_labels(list);
  return list;
}

}  // namespace film::evaluation
