#pragma once
// What the processes of a run make sure of before they train together.
#include "film/engine/engine.h"
#include "film/engine/sharing.h"
#include "film/ranks/team.h"
#include "run_plan.h"

namespace film::train {

// CPU threads of this process: those asked for, else its part of the processors that it shares with others of the run.
int threads_for(const engine::TrainSettings& settings, const ranks::Team& team);

// Before anything is made of the settings that all ranks have to do together. Throws config_error on all ranks where one has
// other settings than rank 0.
void require_same_settings(ranks::Team& team, const engine::TrainSettings& settings);

// What the ranks share. Throws config_error, on all ranks, for settings that do not fit them, and where one has a model of
// another shape than rank 0.
engine::Sharing sharing_for(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                            ranks::Team& team);

// Throws config_error on all ranks where one plans other passes than rank 0: from other data, or for another kind of device.
void require_same_plan(ranks::Team& team, const RunPlan& plan);

}  // namespace film::train
