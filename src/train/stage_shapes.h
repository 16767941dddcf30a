#pragma once
// What a plan takes for the examples of a stage: those of its data, or lengths alone.
#include "film/engine/results.h"
#include "run_plan.h"
#include "stage_data.h"

namespace film::train {

// `data` must outlive the result.
StageShapes shapes_of(StageData& data, const engine::StageSettings& stage);

// Examples of options.examples, each one question about one context, of uniform lengths; among the first are one of the
// longest and one of the shortest. Some steps are planned for all.
StageShapes shapes_of(const engine::PlanOptions& options, const engine::StageSettings& stage,
                      std::uint64_t seed);

}  // namespace film::train
