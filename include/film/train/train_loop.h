#pragma once
// A whole run: stages, checkpoints, resume.
#include "film/base/output_folder.h"
#include "film/engine/results.h"
#include "film/engine/train_settings.h"
#include "film/records/run_facts.h"

namespace film::train {

// Trains into `folder`, or resumes from its newest complete checkpoint. Returns the facts of the run's
// manifest. Throws stopped (75) after a signal, with a checkpoint saved; diverged (79).
TrainFacts train(const engine::TrainSettings& settings, OutputFolder& folder);

// What such a run will do, need and take (Engine::plan): nothing is written.
std::vector<engine::TrainPlan> plan_training(const engine::TrainSettings& settings,
                                             const engine::PlanOptions& options);

}  // namespace film::train
