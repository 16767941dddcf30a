#pragma once
// One training step: the page everyone reads.
#include <functional>

#include "film/batches/pack.h"
#include "film/ranks/team.h"
#include "metrics_log.h"
#include "optimizer.h"
#include "training_run.h"

namespace film::train {

// The packs of one step that this process computes, each built when its turn comes.
struct PackSource {
  std::size_t count = 0;
  std::function<batches::Pack(std::size_t)> pack;
  std::size_t most = 0;  // that any process has
};

// Forward and backward over the packs of one step, the sum over all processes, then clipping and AdamW. A step whose loss
// or gradient is not finite is not applied (metrics.applied is false) and counted in run.loop.bad_steps. A stop signal of
// any process is looked for before each pass: then nothing is applied or counted anywhere, and metrics.dropped is true.
// Where ranks share layers or sequences, all make as many passes, some of them without a pack.
// The metrics are those of all processes, the same on each.
StepMetrics train_step(TrainingRun& run, const Optimizer& optimizer, const PackSource& packs,
                       double learning_rate, ranks::Team& team);
// By one process.
StepMetrics train_step(TrainingRun& run, const Optimizer& optimizer, const PackSource& packs,
                       double learning_rate);

}  // namespace film::train
