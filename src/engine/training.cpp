#include "film/engine/training.h"

#include <fmt/format.h>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/engine/gpu_model.h"
#include "film/folders/question_folders.h"

namespace film::engine {
namespace {

TrainSettings checked(const TrainRequest& request, bool with_data = true) {
  TrainSettings settings = request.settings;
  settings.check(with_data);
  if (request.limit > 0)
    for (StageSettings& stage : settings.stages) stage.steps = static_cast<std::int64_t>(request.limit);
  return settings;
}

// Lengths that training would leave out teach nothing about its time.
void require_lengths(const PlanOptions& options, const TrainSettings& settings) {
  if (options.shortest < kPlannedPair || options.longest < options.shortest)
    throw config_error(fmt::format("examples of {} to {} tokens", options.shortest, options.longest),
                       fmt::format("--tokens MIN:MAX with at least {} tokens", kPlannedPair));
  if (options.longest > settings.max_tokens)
    throw config_error(fmt::format("examples of up to {} tokens, max_tokens is {}: longer ones are left out",
                                   options.longest, settings.max_tokens),
                       "raise max_tokens, or lower --tokens MIN:MAX");
}

// The inputs by content: a changed DATA folder is another run.
Json input_hashes(const TrainRequest& request) {
  Json inputs = {{"limit", request.limit}, {"tokenizer", sha256_file(request.settings.tokenizer)}};
  for (const StageSettings& stage : request.settings.stages)
    for (const std::string& folder : stage.data) inputs.update(Json(folders::manifest_hashes(folder)));
  return inputs;
}

}  // namespace

TrainFacts train(const TrainRequest& request, const OutputRequest& out) {
  const TrainSettings settings = checked(request);
  if (out.path.empty()) throw usage_error("--out is required", "name a folder for the run: --out RUN");
  OutputRequest request_of_run =
      out;  // before the first checkpoint with state there is nothing to go on from
  request_of_run.unbound = {"checkpoints/initial", "memory.json", "metrics.jsonl", "events."};
  const auto open = [&] {
    auto run = std::make_unique<OutputFolder>(request_of_run);
    run->bind_inputs(input_hashes(request));
    return run;
  };
  if (request.place.size > 1) return library().train(settings, {out.path, open, request.place});
  // Nothing of Torch is loaded for a run that is finished.
  std::unique_ptr<OutputFolder> run = open();
  if (!run->finished()) return library().train(settings, {out.path, [&] { return std::move(run); }});
  info(out.path.string() + " holds a finished run: nothing to do");
  return from_json<TrainFacts>(run->manifest(), (out.path / "manifest.json").string());
}

std::vector<TrainPlan> plan(const TrainRequest& request, const PlanOptions& options) {
  const TrainSettings settings = checked(request, options.examples == 0);
  for (const std::string& name : options.on) gpu_model(name);
  if (options.examples > 0) require_lengths(options, settings);
  return library().plan(settings, options);
}

}  // namespace film::engine
