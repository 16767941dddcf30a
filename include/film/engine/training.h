#pragma once
// `film train` without its command line: from settings to a run folder.
#include "film/base/output_folder.h"
#include "film/engine/engine.h"

namespace film::engine {

struct TrainRequest {
  TrainSettings settings = {};
  std::uint64_t limit = 0;  // steps of every stage; 0 = as the settings say
  RankPlace place = {};     // of this process
};

// Trains into the folder `out`, or resumes there; a finished run is left as it is. out.fields: those of
// request.settings. Throws usage_error without a folder, config_error for settings that do not go together or that
// differ from those of the run in `out`; what Engine::train throws.
TrainFacts train(const TrainRequest& request, const OutputRequest& out);

// What that would do and need; writes nothing. Throws config_error for settings that do not go together, a GPU or
// lengths that there cannot be.
std::vector<TrainPlan> plan(const TrainRequest& request, const PlanOptions& options = {});

}  // namespace film::engine
