#pragma once
// A checkpoint: a Hugging Face folder plus training/ (moments and loop state, per parameter; of several processes each
// writes what it has: state_files.h) and a MANIFEST.json written last. It appears under its name complete or not at all.
#include <optional>

#include "film/base/json.h"
#include "film/checkpoint/hugging_face.h"

namespace film::checkpoint {

// What training keeps beside the weights, under the parameters' names and in their order: moments of the
// trained ones, and `remainder` of all, the low 16 bits of the masters of bf16 weights; empty where the
// weights are fp32.
struct TrainingState {
  std::vector<StoredTensor> first_moment, second_moment, remainder;
  Json loop = Json::object();  // where the run is (train/loop_state.h)
};

// The processes that write a checkpoint together: the first everything but the others' parts of the state. Those from
// `count` on have what others have: they write nothing, and wait with all.
struct Writers {
  int number = 0, count = 1;
  // Hands a text to all; waits for them. Called equally often by all.
  std::function<std::vector<std::string>(const std::string&)> gather = [](const std::string& text) {
    return std::vector<std::string>{text};
  };
};

struct CheckpointOptions {
  at::ScalarType type = at::kFloat;  // of the weights on disk; bf16 ones have their remainders beside them
  bool state = true;
  fs::path tokenizer;
  engine::FolderOrigin origin = {};
  Writers writers = {};
};

// "step-00000500".
std::string checkpoint_name(std::int64_t step);

// Writes RUN/checkpoints/NAME through a temporary folder; returns its path. A complete one of that name
// is left alone.
fs::path save_checkpoint(const fs::path& run, const std::string& name, const engine::ModelConfig& config,
                         const model::ParameterList& parameters, const TrainingState& state,
                         const CheckpointOptions& options);

// The newest complete checkpoint with training state under RUN/checkpoints; damaged ones are passed over with
// a warning that says what is wrong.
std::optional<fs::path> latest_checkpoint(const fs::path& run);

// Fills weights and state from a checkpoint. Whatever the types of the run and of the disk, the masters are
// those that were saved, bit for bit; only bf16 weights without remainders are rounded. Throws bad_data for a
// checkpoint of another format.
void load_checkpoint(const fs::path& checkpoint, const model::ParameterList& parameters,
                     TrainingState& state);

// Removes all but the newest `keep` step checkpoints, and left-over temporary folders.
void prune_checkpoints(const fs::path& run, std::int64_t keep);

}  // namespace film::checkpoint
