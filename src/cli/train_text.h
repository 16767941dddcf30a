#pragma once
// The plan of a training run, for people and for programs.
#include <string>

#include "film/base/json.h"
#include "film/engine/results.h"

namespace film::cli {

std::string plan_text(const engine::TrainPlan& plan);  // a table
Json plan_json(const engine::TrainPlan& plan);

}  // namespace film::cli
