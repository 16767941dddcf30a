#pragma once
// The memory that asking models would need, for people and for programs.
#include <string>
#include <vector>

#include "film/base/json.h"
#include "film/evaluation/evaluation.h"

namespace film::cli {

std::string plans_text(const std::vector<evaluation::ModelPlan>& plans);  // a table for each model
Json plans_json(const std::vector<evaluation::ModelPlan>& plans);

}  // namespace film::cli
