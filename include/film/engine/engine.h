#pragma once
// The Torch library (libfilm_engine.so) behind an interface without Torch. It is opened when a command first needs a
// model: `film --help` must not pay for loading Torch.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "film/base/error.h"
#include "film/engine/asking_plan.h"
#include "film/engine/language_model.h"
#include "film/engine/results.h"
#include "film/engine/train_settings.h"
#include "film/records/run_facts.h"

namespace film {
class OutputFolder;
}

namespace film::engine {

// One process of a training run: the run's folder, which rank 0 alone creates and locks.
struct TrainProcess {
  fs::path path;
  std::function<std::unique_ptr<OutputFolder>()> open;
  RankPlace place = {};
};

class Engine {
 public:
  virtual ~Engine() = default;
  // Runs or resumes a training run, together with the other processes of it; returns what its manifest says. Throws
  // Error: stopped (75) after a signal, with a checkpoint saved; diverged (79); what another process failed with.
  virtual TrainFacts train(const TrainSettings& settings, const TrainProcess& process) = 0;
  // What such a run will do and need: one plan for each GPU of options.on, or the one for this machine.
  virtual std::vector<TrainPlan> plan(const TrainSettings& settings, const PlanOptions& options) = 0;
  // A Hugging Face folder ready to generate. Throws no_input, bad_data; config_error for a device that cannot be used.
  virtual std::unique_ptr<LanguageModel> open_model(const ModelOptions& options) = 0;
  // Of a device, now. Throws config_error for one that cannot be used.
  virtual MemoryBytes memory(DeviceChoice device) = 0;
  // What this library is and computes on.
  virtual EngineInfo describe() = 0;
};

// The library, opened once for the process, or why it cannot be. It is looked for beside the executable; Torch in
// FILM_TORCH_DIR, then where the build found it.
struct LibraryAccess {
  Engine* library = nullptr;
  std::optional<Error> failure;  // config_error saying what is missing and how to get it
};
const LibraryAccess& find_library();
// Throws its failure.
Engine& library();

// Folder of Torch's libraries that would be used; empty if there is none.
fs::path torch_library_folder();

}  // namespace film::engine
