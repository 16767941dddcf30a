#pragma once
// A whole run: stages, checkpoints, resume.
#include "film/base/output_folder.h"
#include "film/engine/engine.h"
#include "film/engine/results.h"
#include "film/engine/train_settings.h"
#include "film/records/run_facts.h"

namespace film::train {

// Trains into a run's folder, or resumes from its newest complete checkpoint; as one of its processes (Engine::train).
TrainFacts train(const engine::TrainSettings& settings, const engine::TrainProcess& process);

// What such a run will do, need and take (Engine::plan): nothing is written.
std::vector<engine::TrainPlan> plan_training(const engine::TrainSettings& settings,
                                             const engine::PlanOptions& options);

}  // namespace film::train
