// film check of what film train and film eval write, and of model folders.
#include <set>

#include "checks.h"
#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/lines.h"
#include "film/records/benchmark_facts.h"
#include "film/records/export_facts.h"
#include "film/records/scores.h"
#include "settings_record.h"

namespace film::folders {
namespace {

void check_models(FolderCheck& check, const std::vector<ModelScores>& models) {
  const SettingsRecord record = SettingsRecord::read(check.folder);
  for (const ModelScores& model : models) {
    if (!model.origin) continue;
    for (const auto& [file, sha256] : record.inputs_of(model.label))
      check_input(check, "the model " + model.label, fs::path(model.origin->folder) / file, sha256);
  }
}

std::vector<ModelScores> models_of(const EvalFolder& evaluation) {
  const std::string where = (evaluation.path() / "scores.json").string();
  std::vector<ModelScores> models;
  for (const Json& model : member<Json>(evaluation.scores(), "models", where))
    models.push_back(from_json<ModelScores>(model, where));
  return models;
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
void check_answers(FolderCheck& check, const std::vector<ModelScores>& models) {
  std::uint64_t answers = 0;
  for (const ModelScores& model : models)
    for (const Score& score : model.scores) {
      const fs::path file = check.folder / "predictions" / (score.task + "." + model.label + ".jsonl");
      const std::uint64_t found = count_answers(file, score.task, check);
      if (found < score.count)
        check.faults.push_back(file.string() + " holds " + grouped(found) + " answers, scores.json counts " +
                               grouped(score.count));
      answers += found;
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
  const std::vector<ModelScores> models = models_of(evaluation);
  check_answers(check, models);
  if (!fs::exists(evaluation.report())) check.faults.push_back(evaluation.report().string() + " is missing");
  check_recorded_inputs(check);
  check_models(check, models);
}

void check_report(FolderCheck& check) {
  const Manifest manifest = Manifest::read(check.folder / "manifest.json");
  if (check_files(check, manifest)) check.holds.emplace_back("a report of several evaluations");
}

void check_benchmark(FolderCheck& check) {
  const fs::path file = check.folder / "manifest.json";
  const Manifest manifest = Manifest::read(file);
  if (!check_files(check, manifest)) return;
  for (const auto& [task, rows] : from_json<BenchmarkFacts>(manifest.facts(), file.string()).rows)
    check.holds.push_back(counted(rows, "question") + " of each length (" + task + ")");
}

void check_export(FolderCheck& check) {
  const fs::path file = check.folder / "manifest.json";
  const Manifest manifest = Manifest::read(file);
  check_recorded_inputs(check);
  if (!check_files(check, manifest)) return;
  for (const auto& [split, rows] : from_json<ExportFacts>(manifest.facts(), file.string()).rows)
    check.holds.push_back(counted(rows, "question") + " (" + split + ")");
}

void check_model(FolderCheck& check) {
  const ModelFolder model(check.folder);
  const std::size_t weights = model.weights().size();
  if (const fs::path file = check.folder / "MANIFEST.json"; fs::exists(file))
    check_files(check, Manifest::read(file));
  else
    check.notes.emplace_back("film did not write it: nothing says what its files should be");
  check.holds.push_back(counted(weights, "file") + " of weights");
}

}  // namespace film::folders
