#pragma once
// The checkpoints of a run: where it begins, what it leaves behind.
#include <optional>
#include <utility>

#include "film/ranks/team.h"
#include "training_run.h"

namespace film::train {

// What a run is made of, as its checkpoints say it.
struct RunSource {
  const engine::TrainSettings& settings;
  const engine::ModelConfig& config;
  const engine::FolderOrigin& origin;
  const fs::path &base, &folder;  // of the model that it starts from (empty: a new one); of the run
};

class RunCheckpoints {
 public:
  RunCheckpoints(const RunSource& source, TrainingRun& run, ranks::Team& team)
      : source_(source), run_(run), team_(team) {}

  // Sets the weights: those of the newest complete checkpoint, with all the rest of its state, or those that a new run
  // begins with. Like save() called by all ranks.
  void begin_or_resume();
  // The checkpoint of this step, written unless it is there already: by rank 0, the state by all who have a part of it.
  fs::path save();
  void prune() const;  // all but the newest

 private:
  std::string newest() const;
  void resume(const fs::path& checkpoint);
  void begin();
  void save_as(const std::string& name, checkpoint::CheckpointOptions how, int writers);

  RunSource source_;
  TrainingRun& run_;
  ranks::Team& team_;
  std::optional<std::pair<std::int64_t, fs::path>> saved_;  // step and folder of the newest
};

}  // namespace film::train
