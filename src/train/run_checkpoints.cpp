#include "run_checkpoints.h"

#include <fmt/format.h>

#include "film/base/log.h"
#include "film/folders/model_folder.h"
#include "film/kernels/device.h"
#include "run_inputs.h"

namespace film::train {

std::string RunCheckpoints::newest() const {
  if (!team_.leads()) return {};
  const auto checkpoint = checkpoint::latest_checkpoint(source_.folder);
  return checkpoint ? checkpoint->string() : "";
}

void RunCheckpoints::begin_or_resume() {
  if (const std::string checkpoint = team_.from_leader(newest()); !checkpoint.empty())
    resume(checkpoint);
  else
    begin();
}

void RunCheckpoints::resume(const fs::path& checkpoint) {
  if (!source_.settings.model_folder.empty())
    require_same_base(source_.base, source_.config, source_.origin, checkpoint);
  checkpoint::TrainingState state = state_of(run_);
  load_checkpoint(checkpoint, run_.parameters, state);
  run_.loop = from_json<LoopState>(state.loop, "training/loop.json");
  saved_ = {run_.loop.step, checkpoint};
  info(fmt::format("resuming from {} (step {})", checkpoint.string(), run_.loop.step));
}

// A new model's starting point is kept, so that before and after can be compared.
void RunCheckpoints::begin() {
  const engine::TrainSettings& settings = source_.settings;
  if (!settings.model_folder.empty()) {
    folders::ModelFolder(settings.model_folder).require_unchanged();
    return load(run_, settings.model_folder);
  }
  initialise(run_, settings.init, settings.seed);
  if (team_.leads()) fs::remove_all(source_.folder / "checkpoints" / "initial");  // perhaps of other settings
  save_as("initial", {kernels::scalar_type(settings.precision), false, settings.tokenizer, source_.origin},
          1);
}

// By rank 0, and all who have a part of what is saved: each of `writers` its part of the state.
void RunCheckpoints::save_as(const std::string& name, checkpoint::CheckpointOptions how, int writers) {
  if (writers > 1 || run_.sharing.gathers())
    how.writers = {team_.rank(), writers, [this](const std::string& text) { return team_.gather(text); }};
  else if (!team_.leads())
    return;
  save_checkpoint(source_.folder, name, source_.config, run_.parameters, state_of(run_), how);
  if (run_.gathered) run_.gathered->forget();
}

fs::path RunCheckpoints::save() {
  if (saved_ && saved_->first == run_.loop.step) return saved_->second;
  const engine::TrainSettings& settings = source_.settings;
  const std::string name = checkpoint::checkpoint_name(run_.loop.step);
  saved_ = {run_.loop.step, source_.folder / "checkpoints" / name};
  save_as(name,
          {kernels::scalar_type(settings.save_type), settings.save_state, settings.tokenizer, source_.origin},
          run_.sharing.state());
  team_.wait_for_all();
  return saved_->second;
}

void RunCheckpoints::prune() const {
  if (team_.leads()) checkpoint::prune_checkpoints(source_.folder, source_.settings.keep_checkpoints);
}

}  // namespace film::train
