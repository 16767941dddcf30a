#pragma once
// The learning half, behind a torch-free interface. It lives in libfilm_engine.so, which is opened when a
// verb first needs a model: `film --help` must not pay for loading Torch.
#include <memory>
#include <string>

#include "film/engine/language_model.h"
#include "film/engine/train_settings.h"

namespace film {
class OutputFolder;
}

namespace film::engine {

class Engine {
 public:
  virtual ~Engine() = default;
  // Runs or resumes a training run in `run`; returns its facts (steps, tokens, final checkpoint). Throws
  // Error: stopped (75) after a signal, with a checkpoint saved; diverged (79).
  virtual Json train(const TrainSettings& settings, OutputFolder& run) = 0;
  // What such a run will do and need: steps, tokens, arithmetic, seconds on this machine, memory by item.
  virtual Json plan(const TrainSettings& settings) = 0;
  // A Hugging Face folder ready to generate. threads 0 = all cores.
  virtual std::unique_ptr<LanguageModel> open_model(const fs::path& folder, int threads) = 0;
  // Torch version, threads, vector instructions: for `film doctor`.
  virtual Json describe() = 0;
};

// Opens the library once. Looked for beside the executable; Torch in FILM_TORCH_DIR, then where it was built
// against. Throws config_error saying what is missing and how to get it.
Engine& library();

// Folder of Torch's libraries that would be used; empty if there is none.
fs::path torch_library_folder();

}  // namespace film::engine
