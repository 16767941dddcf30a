#include "run_plan.h"

#include <algorithm>

namespace film::train {
namespace {

void widen(engine::PassShape& longest, const PassCost& p) {
  longest.rows = std::max(longest.rows, static_cast<std::int64_t>(p.padded_rows));
  longest.answer_rows = std::max(longest.answer_rows, static_cast<std::int64_t>(p.answers));
  longest.visible = std::max(longest.visible, p.padded_visible);
  longest.answer_visible = std::max(longest.answer_visible, p.answer_visible);
}

// Adds the passes of one step, which stands for `weight` of them.
class Sums {
 public:
  Sums(RunPlan& plan, const engine::ModelConfig& config) : plan_(plan), config_(config) {}

  void add(const std::vector<batches::ExampleShape>& step, const std::vector<batches::PackPlan>& packs,
           double weight) {
    for (const batches::PackPlan& pack : packs) {
      PassCost cost;
      for (const batches::PlannedSequence& sequence : pack.sequences)
        cost.add(step[sequence.example], sequence);
      tokens_ += weight * cost.rows;
      plan_.flops += weight * model_flops(config_, cost);
      plan_.computed.rows += weight * cost.padded_rows;
      plan_.computed.answer_rows += weight * cost.answers;
      plan_.computed.visible += weight * cost.padded_visible;
      plan_.computed.answer_visible += weight * cost.answer_visible;
      plan_.computed.passes += weight;
      plan_.longest_tile = std::max(plan_.longest_tile, cost.longest_tile);
      widen(plan_.longest, cost);
    }
    for (const batches::ExampleShape& e : step) pairs_ += weight * static_cast<double>(e.pairs.size());
    plan_.computed.steps += weight;
  }

  void finish() {
    const auto whole = [](double n) { return static_cast<std::uint64_t>(n + 0.5); };
    plan_.pairs = whole(pairs_);
    plan_.tokens = whole(tokens_);
    plan_.padding = whole(plan_.computed.rows - tokens_);
    plan_.answer_tokens = whole(plan_.computed.answer_rows);
    plan_.passes = whole(plan_.computed.passes);
    plan_.steps = static_cast<std::int64_t>(whole(plan_.computed.steps));
  }

 private:
  RunPlan& plan_;
  const engine::ModelConfig& config_;
  double pairs_ = 0, tokens_ = 0;
};

std::vector<batches::ExampleShape> shapes_of_step(const StageShapes& stage, std::int64_t step) {
  std::vector<batches::ExampleShape> shapes;
  for (std::int64_t i = 0; i < stage.batch; ++i)
    shapes.push_back(stage.shape(static_cast<std::uint64_t>(step * stage.batch + i)));
  return shapes;
}

}  // namespace

// Padded lengths are multiples of a step, so a pass is as long as the largest of them within pack_tokens.
batches::PackOptions pack_options(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                                  const engine::PlanDevice& device) {
  const bool pads = pads_lengths(settings, config, device);
  const std::int64_t padded = settings.pack_tokens / batches::kBucketStep * batches::kBucketStep;
  return {.costs = batches::pack_costs(config),
          .budget = pads && padded > 0 ? padded : settings.pack_tokens,
          .weighting = settings.loss_weighting,
          .share_context = settings.share_context,
          .pad_lengths = pads,
          .pad_from = settings.pad_lengths == engine::PadLengths::automatic ? engine::kCudnnRows : 0,
          .multiple = static_cast<std::size_t>(device.sharing.teams())};
}

std::vector<std::vector<std::size_t>> shares_of(const batches::StepPlan& step,
                                                const engine::Sharing& sharing) {
  return sharing.in_step() ? share_packs_in_step(step.packs, sharing.teams())
                           : share_packs(step.packs, sharing.teams());
}

engine::PassShape longest_pass(const engine::ModelConfig& config,
                               const std::vector<batches::ExampleShape>& step,
                               const batches::PackOptions& options) {
  RunPlan plan;
  Sums(plan, config).add(step, plan_packs(step, options), 1);
  return plan.longest;
}

RunPlan plan_run(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                 const std::vector<StageShapes>& stages, const PlanTarget& target) {
  RunPlan plan;
  Sums sums(plan, config);
  const batches::PackOptions options = pack_options(settings, config, target.device);
  for (const StageShapes& stage : stages) {
    std::vector<batches::StepPlan>& steps = plan.stages.emplace_back();
    const std::int64_t planned = stage.sampled > 0 ? std::min(stage.sampled, stage.steps) : stage.steps;
    const double weight = static_cast<double>(stage.steps) / static_cast<double>(planned);
    for (std::int64_t step = 0; step < planned; ++step) {
      const auto shapes = shapes_of_step(stage, step);
      steps.push_back(plan_step(shapes, options));
      sums.add(shapes, steps.back().packs, weight);
    }
  }
  sums.finish();
  plan.longest.deterministic = settings.deterministic;
  plan.memory =
      plan_offload(config, settings.precision, settings.memory, plan.longest, target.places, target.device);
  return plan;
}

}  // namespace film::train
