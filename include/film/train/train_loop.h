#pragma once
// A whole run: stages, checkpoints, resume.
#include "film/base/output_folder.h"
#include "film/engine/train_settings.h"

namespace film::train {

// Trains into `folder`, or goes on from its newest complete checkpoint. Returns the facts that stand in the
// run's manifest. Throws stopped (75) after a signal, with a checkpoint saved; diverged (79).
Json train(const engine::TrainSettings& settings, OutputFolder& folder);

// What such a run will do, need and take (run_plan.h): nothing is written.
Json plan_training(const engine::TrainSettings& settings);

}  // namespace film::train
