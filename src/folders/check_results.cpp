// film check of what film train and film eval write, and of model folders.
#include <set>

#include "checks.h"
#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/lines.h"
#include "film/records/scores.h"
#include "settings_record.h"

namespace film::folders {
namespace {

// The folder of each model by its label, as film eval names them.
std::map<std::string, fs::path> models_of(const fs::path& eval) {
  std::map<std::string, fs::path> models;
  for (const auto& [label, folder] : SettingsRecord::read(eval).labelled_models()) models[label] = folder;
  const fs::path model = recorded_setting(eval, "model"), baseline = recorded_setting(eval, "baseline");
  if (model.empty()) return models;
  const bool run = fs::exists(model / "settings.json");
  models["model"] = models["after"] = run ? RunFolder(model).final_checkpoint() : model;
  if (run && baseline.empty()) models["before"] = RunFolder(model).starting_point().value_or(fs::path());
  if (!baseline.empty())
    models["before"] =
        fs::exists(baseline / "settings.json") ? RunFolder(baseline).final_checkpoint() : baseline;
  return models;
}

void check_models(FolderCheck& check) {
  for (const auto& [label, folder] : models_of(check.folder))
    for (const auto& [file, sha256] : SettingsRecord::read(check.folder).inputs_of(label))
      check_input(check, "the model " + label, folder / file, sha256);
}

std::uint64_t count_answers(const fs::path& file, const std::string& task, FolderCheck& check) {
  std::set<std::string> ids;
  std::uint64_t lines = 0;
  for_each_record(file, [&](const Json& line, const std::string& where) {
    const auto prediction = from_json<Prediction>(line, where);
    ++lines;
    if (prediction.task != task) check.faults.push_back(where + ": an answer of the task " + prediction.task);
    if (!ids.insert(prediction.id).second)
      check.faults.push_back(where + ": the id " + prediction.id + " is there twice");
  });
  return lines;
}

// Every score has its answers; those that are not scored are answers, too.
void check_answers(FolderCheck& check, const Json& scores) {
  const std::string where = (check.folder / "scores.json").string();
  const Json models = member<Json>(scores, "models", where);
  std::uint64_t answers = 0;
  for (const Json& model : models) {
    const auto read = from_json<ModelScores>(model, where);
    for (const Score& score : read.scores) {
      const fs::path file = check.folder / "predictions" / (score.task + "." + read.label + ".jsonl");
      const std::uint64_t found = count_answers(file, score.task, check);
      if (found < score.count)
        check.faults.push_back(file.string() + " holds " + grouped(found) + " answers, scores.json counts " +
                               grouped(score.count));
      answers += found;
    }
  }
  check.holds.push_back(counted(answers, "answer") + " of " + counted(models.size(), "model"));
}

}  // namespace

void check_run(FolderCheck& check) {
  const Manifest manifest = Manifest::read(check.folder / "manifest.json");
  const RunFolder run(check.folder);
  check_files(check, manifest);
  if (!fs::exists(run.final_checkpoint() / "config.json"))
    check.faults.push_back(run.final_checkpoint().string() + " is missing, but the manifest names it");
  check_count(check, "rows of metrics.jsonl", static_cast<std::uint64_t>(run.facts().steps),
              run.metrics().size());
  check_recorded_inputs(check);
  check.holds.push_back(counted(static_cast<std::uint64_t>(run.facts().steps), "step"));
}

void check_evaluation(FolderCheck& check) {
  const Manifest manifest = Manifest::read(check.folder / "manifest.json");
  if (!check_files(check, manifest)) return;
  const EvalFolder evaluation(check.folder);
  check_answers(check, evaluation.scores());
  if (!fs::exists(evaluation.report())) check.faults.push_back(evaluation.report().string() + " is missing");
  check_recorded_inputs(check);
  if (!attempt(check, [&] { check_models(check); })) return;
}

void check_report(FolderCheck& check) {
  const Manifest manifest = Manifest::read(check.folder / "manifest.json");
  if (check_files(check, manifest)) check.holds.emplace_back("a report of several evaluations");
}

void check_model(FolderCheck& check) {
  const ModelFolder model(check.folder);
  const std::size_t weights = model.weights().size();
  if (const fs::path file = check.folder / "MANIFEST.json"; fs::exists(file))
    check_files(check, Manifest::read(file));
  else
    check.notes.emplace_back("film did not write it: nothing says what its files should be");
  check.holds.push_back(grouped(weights) + (weights == 1 ? " file of weights" : " files of weights"));
}

}  // namespace film::folders
