#pragma once
// The plan of a training run, for people and for programs.
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/base/json.h"
#include "film/engine/results.h"
#include "film/records/run_facts.h"

namespace film::cli {

// One plan as a table, several as a line each. price: of an hour of the device; 0: not known.
std::string plans_text(const std::vector<engine::TrainPlan>& plans, double price);
// What a finished run is, now or earlier; `run`: its folder.
std::string facts_text(const TrainFacts& facts, const fs::path& run);
// An object, or a list of several.
Json plans_json(const std::vector<engine::TrainPlan>& plans, double price);

}  // namespace film::cli
