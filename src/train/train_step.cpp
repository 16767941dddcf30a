#include "train_step.h"

#include <chrono>
#include <cmath>

#include "film/kernels/device.h"
#include "film/model/mistral.h"
#include "step_exchange.h"

namespace film::train {
namespace {

// What the passes of a process add up to.
struct PassSums {
  double loss = 0;
  std::uint64_t right = 0, pairs = 0, tokens = 0, packs = 0;

  // Pairs whose every answer token had the highest logit.
  void count(const batches::Pack& pack, const model::PackResult& result) {
    std::vector<bool> whole(static_cast<std::size_t>(pack.pair_count), true);
    for (std::size_t r = 0; r < pack.pairs.size(); ++r)
      if (result.row_correct[r] == 0) whole[static_cast<std::size_t>(pack.pairs[r])] = false;
    for (const bool is_right : whole) right += is_right ? 1 : 0;
    pairs += whole.size();
    loss += result.loss;
    tokens += static_cast<std::uint64_t>(pack.rows() - pack.padding_rows());
    ++packs;
  }

  // Those of all processes. stop: whether any was asked to.
  void sum_over(ranks::Team& team, bool& stop) {
    const auto number = [](std::uint64_t n) { return static_cast<double>(n); };
    const auto all = team.sum({loss, number(right), number(pairs), number(tokens), number(packs),
                               team.stop_signal() != 0 ? 1. : 0.});
    const auto whole = [&](std::size_t i) { return static_cast<std::uint64_t>(all[i]); };
    loss = all[0];
    right = whole(1);
    pairs = whole(2);
    tokens = whole(3);
    packs = whole(4);
    stop = all[5] > 0;
  }
};

}  // namespace

StepMetrics train_step(TrainingRun& run, const Optimizer& optimizer, const PackSource& packs,
                       double learning_rate, ranks::Team& team) {
  const auto start = std::chrono::steady_clock::now();
  StepMetrics metrics;
  metrics.learning_rate = learning_rate;

  // 1. Forward and backward, gradients added up over the packs.
  run.parameters.zero_gradients();
  PassSums sums;
  StepExchange exchange(run, team);
  const bool in_step = run.sharing.in_step();
  const std::size_t passes = in_step ? std::max(packs.count, packs.most) : packs.count;
  const auto pass = [&](std::size_t i) {
    model::PassOptions options{.activations = run.activations ? &*run.activations : nullptr};
    exchange.attach(options, i + 1 == passes);
    if (i >= packs.count) return model::idle_pass(run.weights.layers.size(), options);
    const batches::Pack pack = packs.pack(i);
    const model::PackResult result = run_pack(run.config, run.weights, pack, &run.gradients, options);
    if (team.rank() % run.sharing.sequence == 0) sums.count(pack, result);  // of ranks with the same pack one
  };
  // All go on or none does, before something is exchanged.
  const auto asked = [&](bool all) {
    const bool here = team.stop_signal() != 0;
    return all ? team.sum({here ? 1. : 0.})[0] > 0 : here;
  };
  // A step of a large model takes minutes, a batch system's grace seconds.
  for (std::size_t i = 0; i + 1 < passes && !asked(in_step); ++i) pass(i);
  metrics.dropped = asked(true);
  if (metrics.dropped) return metrics;
  if (passes > 0) pass(passes - 1);
  exchange.finish_gradients();
  sums.sum_over(team, metrics.stop);

  // 2. Clip and step, unless something is not a number.
  metrics.loss = sums.loss;
  metrics.gradient_norm = exchange.gradient_norm(optimizer);
  metrics.applied = std::isfinite(metrics.loss) && std::isfinite(metrics.gradient_norm);
  run.loop.bad_steps = metrics.applied ? 0 : run.loop.bad_steps + 1;
  if (metrics.applied) {
    optimizer.step(run.optimizer, learning_rate, metrics.gradient_norm, ++run.loop.applied);
    exchange.spread_weights();
  }

  // 3. Count. The time of a step is the GPU's, not that of handing it the work.
  kernels::synchronise(run.parameters.options().device());
  metrics.pairs = sums.pairs;
  metrics.tokens = sums.tokens;
  metrics.packs = sums.packs;
  metrics.accuracy =
      static_cast<double>(sums.right) / static_cast<double>(std::max<std::uint64_t>(1, sums.pairs));
  ++run.loop.step;
  ++run.loop.stage_step;
  run.loop.pairs += metrics.pairs;
  run.loop.tokens += metrics.tokens;
  metrics.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return metrics;
}

StepMetrics train_step(TrainingRun& run, const Optimizer& optimizer, const PackSource& packs,
                       double learning_rate) {
  ranks::Team alone;
  return train_step(run, optimizer, packs, learning_rate, alone);
}

}  // namespace film::train
