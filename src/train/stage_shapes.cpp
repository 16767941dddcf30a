#include "stage_shapes.h"

#include <algorithm>
#include <cmath>

#include "film/base/random.h"

namespace film::train {
namespace {

constexpr std::int64_t kSampledSteps = 64;

}  // namespace

StageShapes shapes_of(StageData& data, const engine::StageSettings& stage) {
  return {.steps = data.steps(), .batch = stage.batch, .shape = [&data](std::uint64_t place) {
            return data.shape(place);
          }};
}

StageShapes shapes_of(const engine::PlanOptions& options, const engine::StageSettings& stage,
                      std::uint64_t seed) {
  const double examples = std::ceil(stage.fraction * static_cast<double>(options.examples)) * stage.epochs,
               steps = std::ceil(examples / static_cast<double>(stage.batch));
  const auto shape = [options, seed](std::uint64_t place) {
    const auto lengths = static_cast<std::uint64_t>(options.longest - options.shortest + 1);
    std::int64_t tokens =
        options.shortest + static_cast<std::int64_t>(Random(seed, "planned", place).below(lengths));
    if (place == 0) tokens = options.longest;
    if (place == 1) tokens = options.shortest;
    return batches::ExampleShape{tokens - engine::kPlannedPair + 1,
                                 {{engine::kPlannedQuestion, engine::kPlannedAnswer}}};
  };
  return {
      .steps = stage.steps > 0 ? stage.steps : std::max<std::int64_t>(1, static_cast<std::int64_t>(steps)),
      .batch = stage.batch,
      .shape = shape,
      .sampled = kSampledSteps};
}

}  // namespace film::train
