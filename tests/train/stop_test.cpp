// A stop signal in the middle of a step: the step is dropped, the state is that of the step before.
#include <gtest/gtest.h>

#include <csignal>

#include "film/base/signals.h"
#include "film/checkpoint/hugging_face.h"
#include "parity.h"
#include "support.h"

namespace film::train {
namespace {

// 0 if a signal in pack `at` of three drops the step and changes nothing.
int outcome(std::size_t at) {
  const fs::path folder = fs::path(FILM_TEST_DATA) / "parity/v02";
  const Json want = read_json(folder / "expected.json");
  TrainingRun run =
      make_run(engine::model_config_from_hugging_face(folder / "config.json"), at::kFloat, {}, "");
  load(run, folder);
  const Tensor before = run.weights.flat.clone();
  catch_stop_signals();
  std::size_t built = 0;
  const PackSource packs{3, [&](std::size_t i) {
                           ++built;
                           if (i == at) std::raise(SIGTERM);
                           return testing::parity_pack(want);
                         }};
  const StepMetrics metrics =
      train_step(run, Optimizer(testing::parity_optimizer(want), run.parameters), packs, 1e-2);
  const bool last = at == 2;  // the step is complete then: it counts
  const bool right = metrics.dropped != last && built == at + 1 && run.loop.step == (last ? 1 : 0) &&
                     run.weights.flat.equal(before) != last;
  return right ? 0 : 1;
}

TEST(StopDeathTest, AStepIsDroppedBetweenPacks) {
  for (const std::size_t at : {0u, 1u, 2u})
    EXPECT_EXIT(::_exit(outcome(at)), ::testing::ExitedWithCode(0), "") << at;
}

}  // namespace
}  // namespace film::train
