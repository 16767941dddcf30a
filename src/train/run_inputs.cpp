#include "run_inputs.h"

#include <fmt/format.h>

#include "film/base/error.h"
#include "film/base/json.h"
#include "film/checkpoint/checkpoint.h"

namespace film::train {

engine::ModelConfig config_of(const engine::TrainSettings& settings, const fs::path& base) {
  if (base.empty()) return settings.model;
  engine::ModelConfig config = engine::model_config_from_hugging_face(base / "config.json");
  if (settings.changes.sliding_window > 0 &&
      read_json(base / "config.json").value("model_type", "") == "llama")
    throw config_error("changes.sliding_window is set, but models of model_type llama have no window",
                       "set model_type to mistral in a copy of " + (base / "config.json").string());
  settings.changes.apply(config);
  return config;
}

fs::path base_of(const engine::TrainSettings& settings, const fs::path& run) {
  if (settings.model_folder.empty() || fs::is_directory(settings.model_folder)) return settings.model_folder;
  return checkpoint::latest_checkpoint(run).value_or(settings.model_folder);
}

void require_same_base(const fs::path& base, const engine::ModelConfig& config,
                       const engine::FolderOrigin& origin, const fs::path& checkpoint) {
  const fs::path saved = checkpoint / "config.json";
  const Json before = read_json(saved);
  const char* dtype = before.contains("dtype") ? "dtype" : "torch_dtype";
  const Json now =
      engine::to_hugging_face(config, member<std::string>(before, dtype, saved.string()), origin);
  for (const auto& [key, value] : now.items())
    if (const Json then = before.value(key, Json()); then != value)
      throw bad_data(
          fmt::format("{} is not the one that this run began with: {} is {}, {} says {}",
                      (base / "config.json").string(), key, to_line(value), saved.string(), to_line(then)),
          "put it back to resume; to start from the model as it is now, another --out");
}

namespace {

// Positions that a model never saw are not what it is trained for, and film eval would refuse to read so far.
void require_fit(const StageData& stage, const engine::ModelConfig& config) {
  if (stage.longest() <= config.max_position_embeddings) return;
  throw config_error(
      fmt::format("stage \"{}\": its longest example has {} tokens, the model reads at most {} "
                  "(max_position_embeddings)",
                  stage.name(), stage.longest(), config.max_position_embeddings),
      "leave longer ones out (max_tokens), or let the model read further (changes.max_position_embeddings; "
      "for a new model model.max_position_embeddings)");
}

}  // namespace

std::vector<StageData> open_stages(const engine::TrainSettings& settings, const text::Tokenizer& tokenizer,
                                   const engine::ModelConfig& config) {
  engine::require_vocabulary(config, tokenizer);
  std::vector<StageData> stages;
  for (std::size_t i = 0; i < settings.stages.size(); ++i)
    stages.emplace_back(settings, static_cast<std::int64_t>(i), tokenizer);
  for (const StageData& stage : stages) require_fit(stage, config);
  return stages;
}

}  // namespace film::train
