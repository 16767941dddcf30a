#include "run_plan.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "film/kernels/device.h"
#include "film/kernels/kernels.h"
#include "film/model/attention.h"

namespace film::train {
namespace {

// Rows and arithmetic of one pass.
struct PassCost {
  double rows = 0, answers = 0, visible = 0, answer_visible = 0;

  void add(const batches::ExampleShape& e, const batches::PlannedSequence& sequence) {
    const auto C = static_cast<double>(e.context);
    rows += C;
    visible += C * (C + 1) / 2;
    for (std::size_t i = 0; i < sequence.pair_count; ++i) {
      const batches::PairShape& pair = e.pairs[sequence.first_pair + i];
      const auto p = static_cast<double>(pair.rows()), a = static_cast<double>(pair.answer);
      rows += p;
      answers += a;
      visible += p * C + p * (p + 1) / 2;
      answer_visible += a * (C + p);
    }
  }
};

// Forward and twice as much backward. The last layer's queries, attention and feed-forward, and the head, run
// on answer rows.
double linear_flops(const engine::ModelConfig& c, const PassCost& p) {
  const auto D = static_cast<double>(c.hidden_size), F = static_cast<double>(c.intermediate_size),
             A = static_cast<double>(c.query_width()), K = static_cast<double>(c.key_width()),
             V = static_cast<double>(c.vocab_size), L = static_cast<double>(c.num_hidden_layers);
  const double by_query = 2 * D * A + 3 * D * F, by_key = 2 * D * K;
  return 6 * (p.rows * (L * by_key + (L - 1) * by_query) + p.answers * (by_query + V * D));
}

double attention_flops(const engine::ModelConfig& c, const PassCost& p) {
  const auto A = static_cast<double>(c.query_width()), L = static_cast<double>(c.num_hidden_layers);
  return 12 * A * ((L - 1) * p.visible + p.answer_visible);
}

void widen(engine::PassShape& longest, const PassCost& p) {
  longest.rows = std::max(longest.rows, static_cast<std::int64_t>(p.rows));
  longest.answer_rows = std::max(longest.answer_rows, static_cast<std::int64_t>(p.answers));
  longest.visible = std::max(longest.visible, p.visible);
  longest.answer_visible = std::max(longest.answer_visible, p.answer_visible);
}

// Seconds that one call of `work` takes, the fastest of a few.
template <class Work>
double seconds(const at::Device& device, const Work& work) {
  double best = 1e30;
  for (int i = 0; i < 3; ++i) {
    kernels::synchronise(device);
    const auto start = std::chrono::steady_clock::now();
    work();
    kernels::synchronise(device);
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

struct Rates {
  double linear, attention;  // FLOP/s
};

// A GPU needs more work to show what it can do.
Rates measure(const engine::ModelConfig& c, const at::TensorOptions& options) {
  const at::Device device = options.device();
  const std::int64_t mm_rows = device.is_cuda() ? 8192 : 512, rows = device.is_cuda() ? 4096 : 1024;
  const at::Tensor x = at::ones({mm_rows, c.hidden_size}, options),
                   w = at::ones({2 * c.intermediate_size, c.hidden_size}, options);
  const double mm = seconds(device, [&] { at::mm(x, w.t()); });
  const at::Tensor q = at::ones({rows, c.num_attention_heads, c.head_dim}, options),
                   k = at::ones({rows, c.num_key_value_heads, c.head_dim}, options);
  at::Tensor out = at::empty_like(q),
             lse = at::empty({rows, c.num_attention_heads}, options.dtype(kernels::opmath_type(q)));
  const model::AttentionPlan causal = {{{0, rows}, {0, rows}, true}};
  const double attend = seconds(device, [&] { model::attention_forward(q, k, k, causal, out, lse); });
  const auto r = static_cast<double>(rows);
  return {2.0 * static_cast<double>(mm_rows) * static_cast<double>(w.numel()) / mm,
          2.0 * r * r * static_cast<double>(c.query_width()) / attend};
}

}  // namespace

batches::PackOptions pack_options(const engine::TrainSettings& settings, const engine::ModelConfig& config) {
  return {.costs = batches::pack_costs(config),
          .budget = settings.pack_tokens,
          .weighting = settings.loss_weighting,
          .share_context = settings.share_context,
          .pad_lengths = settings.pad_lengths};
}

namespace {

// Adds the passes of one step.
void add_step(RunPlan& plan, const engine::ModelConfig& config,
              const std::vector<batches::ExampleShape>& step, const std::vector<batches::PackPlan>& packs) {
  for (const batches::PackPlan& pack : packs) {
    PassCost cost;
    for (const batches::PlannedSequence& sequence : pack.sequences)
      cost.add(step[sequence.example], sequence);
    plan.padding += static_cast<std::uint64_t>(pack.rows) - static_cast<std::uint64_t>(cost.rows);
    plan.tokens += static_cast<std::uint64_t>(cost.rows);
    plan.answer_tokens += static_cast<std::uint64_t>(cost.answers);
    plan.linear_flops += linear_flops(config, cost);
    plan.attention_flops += attention_flops(config, cost);
    cost.rows = static_cast<double>(pack.rows);
    widen(plan.longest, cost);
    ++plan.passes;
  }
  for (const batches::ExampleShape& e : step) plan.pairs += e.pairs.size();
  ++plan.steps;
}

std::vector<batches::ExampleShape> shapes_of_step(StageData& stage, std::int64_t batch, std::int64_t step) {
  std::vector<batches::ExampleShape> shapes;
  for (std::int64_t i = 0; i < batch; ++i)
    shapes.push_back(stage.shape(static_cast<std::uint64_t>(step * batch + i)));
  return shapes;
}

struct DeviceBytes {
  std::uint64_t taken, free;
};

// On a GPU, what is taken is the context's and the libraries', and whatever else runs there.
DeviceBytes bytes_on(const at::Device& device) {
  if (!device.is_cuda()) return {engine::resident_memory(), engine::free_memory()};
  const kernels::DeviceMemory memory = kernels::device_memory(device);
  return {memory.total - memory.free, memory.free};
}

}  // namespace

std::uint64_t memory_left(const at::Device& device, const engine::TrainSettings& settings) {
  const DeviceBytes bytes = bytes_on(device);
  const std::uint64_t all = bytes.taken + bytes.free;
  return settings.memory.limit > 0
             ? std::min(all, static_cast<std::uint64_t>(settings.memory.limit * (1ull << 30)))
             : all;
}

namespace {

engine::MemoryPlan memory_on(const at::Device& device, const engine::TrainSettings& settings,
                             const engine::ModelConfig& config, const engine::PassShape& longest) {
  const DeviceBytes bytes = bytes_on(device);
  const std::uint64_t limit = settings.memory.limit > 0
                                  ? static_cast<std::uint64_t>(settings.memory.limit * (1ull << 30))
                                  : bytes.taken + bytes.free / 10 * 9;
  return engine::plan_memory(config, settings.precision, settings.memory, longest, limit, bytes.taken,
                             device.is_cuda() ? engine::DeviceKind::gpu : engine::DeviceKind::cpu);
}

}  // namespace

engine::PassShape longest_pass(const engine::ModelConfig& config,
                               const std::vector<batches::ExampleShape>& step,
                               const batches::PackOptions& options) {
  RunPlan plan;
  add_step(plan, config, step, plan_packs(step, options));
  return plan.longest;
}

RunPlan plan_run(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                 std::vector<StageData>& stages, const at::Device& device) {
  RunPlan plan;
  const batches::PackOptions options = pack_options(settings, config);
  for (std::size_t s = 0; s < stages.size(); ++s) {
    std::vector<batches::StepPlan>& steps = plan.stages.emplace_back();
    for (std::int64_t step = 0; step < stages[s].steps(); ++step) {
      const auto shapes = shapes_of_step(stages[s], settings.stages[s].batch, step);
      steps.push_back(plan_step(shapes, options));
      add_step(plan, config, shapes, steps.back().packs);
    }
  }
  plan.memory = memory_on(device, settings, config, plan.longest);
  return plan;
}

engine::TrainPlan describe_plan(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                                const RunPlan& plan, const at::Device& device) {
  const Rates rates = measure(config, at::device(device).dtype(kernels::scalar_type(settings.precision)));
  return {.model = config.summary(),
          .precision = settings.precision,
          .device = device.str(),
          .steps = plan.steps,
          .passes = plan.passes,
          .pairs = plan.pairs,
          .tokens = plan.tokens,
          .answer_tokens = plan.answer_tokens,
          .padding = plan.padding,
          .longest_pass = plan.longest.rows,
          .flops = plan.linear_flops + plan.attention_flops,
          .seconds = plan.linear_flops / rates.linear + plan.attention_flops / rates.attention,
          .memory = plan.memory};
}

}  // namespace film::train
