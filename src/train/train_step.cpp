#include "train_step.h"

#include <chrono>
#include <cmath>

#include "film/base/signals.h"
#include "film/kernels/device.h"
#include "film/model/mistral.h"

namespace film::train {
namespace {

// Fraction of pairs whose every answer token had the highest logit.
void count_right(const batches::Pack& pack, const model::PackResult& result, std::uint64_t& right,
                 std::uint64_t& pairs) {
  std::vector<bool> whole(static_cast<std::size_t>(pack.pair_count), true);
  for (std::size_t r = 0; r < pack.pairs.size(); ++r)
    if (result.row_correct[r] == 0) whole[static_cast<std::size_t>(pack.pairs[r])] = false;
  for (const bool is_right : whole) right += is_right ? 1 : 0;
  pairs += whole.size();
}

}  // namespace

StepMetrics train_step(TrainingRun& run, const Optimizer& optimizer, const PackSource& packs,
                       double learning_rate) {
  const auto start = std::chrono::steady_clock::now();
  StepMetrics metrics;
  metrics.learning_rate = learning_rate;
  metrics.packs = packs.count;

  // 1. Forward and backward, gradients added up over the packs.
  run.parameters.zero_gradients();
  std::uint64_t right = 0;
  const model::PassOptions options{.activations = run.activations ? &*run.activations : nullptr};
  for (std::size_t i = 0; i < packs.count; ++i) {
    if (stop_signal() != 0) {  // a step of a large model takes minutes, a batch system's grace seconds
      metrics.dropped = true;
      return metrics;
    }
    const batches::Pack pack = packs.pack(i);
    const model::PackResult result = run_pack(run.config, run.weights, pack, &run.gradients, options);
    metrics.loss += result.loss;
    metrics.tokens += static_cast<std::uint64_t>(pack.rows() - pack.padding_rows());
    count_right(pack, result, right, metrics.pairs);
  }
  metrics.accuracy =
      static_cast<double>(right) / static_cast<double>(std::max<std::uint64_t>(1, metrics.pairs));

  // 2. Clip and step, unless something is not a number.
  metrics.gradient_norm = optimizer.gradient_norm();
  metrics.applied = std::isfinite(metrics.loss) && std::isfinite(metrics.gradient_norm);
  run.loop.bad_steps = metrics.applied ? 0 : run.loop.bad_steps + 1;
  if (metrics.applied)
    optimizer.step(run.optimizer, learning_rate, metrics.gradient_norm, ++run.loop.applied);

  // 3. Count. The time of a step is the GPU's, not that of handing it the work.
  kernels::synchronise(run.parameters.options().device());
  ++run.loop.step;
  ++run.loop.stage_step;
  run.loop.pairs += metrics.pairs;
  run.loop.tokens += metrics.tokens;
  metrics.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return metrics;
}

}  // namespace film::train
