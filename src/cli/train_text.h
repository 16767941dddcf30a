#pragma once
// The plan of a training run, for people and for programs.
#include <string>

#include "film/base/files.h"
#include "film/base/json.h"
#include "film/engine/results.h"
#include "film/records/run_facts.h"

namespace film::cli {

std::string plan_text(const engine::TrainPlan& plan);  // a table
// What a finished run is, now or earlier; `run`: its folder.
std::string facts_text(const TrainFacts& facts, const fs::path& run);
Json plan_json(const engine::TrainPlan& plan);

}  // namespace film::cli
