// What a run will do, need and take, for this machine or for GPUs by name: nothing is written.
#include <ATen/Parallel.h>

#include <numeric>

#include "film/base/log.h"
#include "film/base/parallel.h"
#include "film/engine/fits.h"
#include "film/engine/known_models.h"
#include "film/kernels/device.h"
#include "film/model/flat_memory.h"
#include "film/model/shard_memory.h"
#include "film/train/train_loop.h"
#include "fitting_plan.h"
#include "measured_rates.h"
#include "run_inputs.h"
#include "stage_shapes.h"

namespace film::train {
namespace {

using engine::PlanOptions;
using engine::TrainPlan;
using engine::TrainSettings;

// The model that the settings name; where its folder is not here, its published shape does for a plan.
engine::ModelConfig planned_config(const TrainSettings& settings, const PlanOptions& options) {
  const fs::path folder = settings.model_folder;
  const bool absent = !folder.empty() && !fs::is_directory(folder);
  const bool elsewhere = options.examples > 0 || !options.on.empty();
  if (auto known = absent && elsewhere ? engine::known_model(folder) : std::nullopt) {
    info("there is no folder " + folder.string() + ": planned for the published shape of that name");
    settings.changes.apply(*known);
    return *known;
  }
  return config_of(settings, folder);
}

// The examples of all stages, and their data where they have some.
struct Examples {
  std::vector<StageData> data;
  std::vector<StageShapes> shapes;
};

Examples examples_of(const TrainSettings& settings, const PlanOptions& options,
                     const engine::ModelConfig& config) {
  Examples examples;
  if (options.examples == 0)
    examples.data = open_stages(settings, text::Tokenizer::load(settings.tokenizer), config);
  for (std::size_t i = 0; i < settings.stages.size(); ++i)
    examples.shapes.push_back(options.examples == 0 ? shapes_of(examples.data[i], settings.stages[i])
                                                    : shapes_of(options, settings.stages[i], settings.seed));
  return examples;
}

// The longest passes that would fit the device, in steps of 1,024 rows, each one sequence; 0: not even the shortest.
std::int64_t fitting_tokens(const TrainSettings& settings, const engine::ModelConfig& config,
                            const engine::PassShape& longest, const PlanTarget& target) {
  constexpr std::int64_t kStep = 1024;
  for (std::int64_t rows = longest.rows / kStep * kStep; rows > 0; rows -= kStep) {
    engine::PassShape shorter = longest;
    const double share = static_cast<double>(rows) / static_cast<double>(longest.rows);
    shorter.rows = rows;
    shorter.visible *= share * share;
    shorter.answer_visible *= share;
    const engine::MemoryPlan plan =
        plan_offload(config, settings.precision, settings.memory, shorter, target.places, target.device);
    if (plan.total() <= target.places.limit) return rows;
  }
  return 0;
}

TrainPlan described(const TrainSettings& settings, const engine::ModelConfig& config, const RunPlan& plan,
                    const PlanTarget& target, const engine::Rates& rates) {
  const engine::RunWork work = run_work(config, settings.precision, plan.computed, plan.memory);
  const auto refusal = memory_refusal(plan.memory, target.most, settings);
  const bool on_host =
      target.device.kind == engine::DeviceKind::gpu && plan.memory.offload == engine::Offload::cpu;
  return {.model = config.summary(),
          .precision = settings.precision,
          .steps = plan.steps,
          .passes = plan.passes,
          .pairs = plan.pairs,
          .tokens = plan.tokens,
          .answer_tokens = plan.answer_tokens,
          .padding = plan.padding,
          .longest_pass = plan.longest.rows,
          .flops = plan.flops,
          .recomputed = work.recomputed,
          .seconds = run_seconds(work, rates),
          .pads_lengths = pads_lengths(settings, config, target.device),
          .memory = plan.memory,
          .limit = target.most,
          .host_bytes =
              on_host ? static_cast<std::uint64_t>(config.parameters() * state_bytes(settings.precision) /
                                                   target.device.sharing.state())
                      : 0,
          .probe = probe_fit(config, settings.precision, target.most, target.places.base, target.device),
          .misfit = refusal ? std::string(refusal->what()) + ": " + refusal->hint() : "",
          .fitting_tokens = refusal ? fitting_tokens(settings, config, plan.longest, target) : 0};
}

// Passes of a step, and how much more there is to do in them for whoever has most than for the mean: the others wait.
struct Pace {
  double passes = 0, ratio = 1;
};

Pace pace_of(const RunPlan& plan, const engine::Sharing& sharing) {
  double longest = 0, all = 0, passes = 0, steps = 0;
  for (const auto& stage : plan.stages)
    for (const batches::StepPlan& step : stage) {
      std::vector<double> most;  // by pass where all wait in each, else one for all
      std::size_t rounds = 0;
      for (const auto& share : shares_of(step, sharing)) {
        std::vector<double> costs(1);
        for (std::size_t i = 0; i < share.size(); ++i) {
          if (sharing.in_step()) costs.resize(std::max(costs.size(), i + 1));
          costs.back() += step.packs[share[i]].cost;
          all += step.packs[share[i]].cost;
        }
        most.resize(std::max(most.size(), costs.size()));
        for (std::size_t i = 0; i < costs.size(); ++i) most[i] = std::max(most[i], costs[i]);
        rounds = std::max(rounds, share.size());
      }
      longest = std::accumulate(most.begin(), most.end(), longest);
      passes += static_cast<double>(rounds);
      ++steps;
    }
  return {passes / steps, all > 0 ? longest * sharing.teams() / all : 1};
}

// Seconds of a step's exchanges that nothing hides: those of weights and gradients run beside passes where layers are
// gathered, beside the last backward where all is summed; attention waits for its own.
double exposed_seconds(const TrainPlan& described, double computing, double passes,
                       const engine::GpuModel& gpu) {
  const engine::Sharing& sharing = described.sharing();
  const double last_backward = 2. / 3 * computing / std::max(1., passes),
               hidden = sharing.gathers()     ? computing
                        : sharing.state() > 1 ? 0
                                              : last_backward;
  engine::StepTraffic beside = described.traffic;
  beside.swapped = 0;
  const auto seconds = [&](const engine::StepTraffic& traffic) {
    return exchange_seconds(traffic, sharing, described.cluster, gpu.node_link);
  };
  return std::max(0., seconds(beside) - hidden) + seconds({.swapped = described.traffic.swapped});
}

// The plan of one process becomes that of a cluster: each has its part of the passes, the longest sets the pace, and
// exchanges come on top.
void spread(TrainPlan& described, const TrainSettings& settings, const engine::ModelConfig& config,
            const RunPlan& plan, const engine::Rates& rates, const engine::GpuModel& gpu) {
  const engine::Sharing& sharing = plan.memory.device.sharing;
  if (sharing.ranks == 1) return;
  const Pace pace = pace_of(plan, sharing);
  const double steps = plan.computed.steps, n = sharing.sequence;
  engine::RunRows own = plan.computed;
  for (double* part : {&own.rows, &own.answer_rows, &own.visible, &own.answer_visible})
    *part *= pace.ratio / sharing.ranks;
  own.passes *= pace.ratio / sharing.teams();
  described.pace = pace.ratio;
  described.traffic = engine::step_traffic(model::flat_elements(sharing.state(), config),
                                           model::part_sizes(sharing.model, config), settings.precision,
                                           sharing, pace.passes);
  if (n > 1)
    described.traffic.swapped =
        swapped_bytes(config, settings.precision, plan.memory.saved, sharing.sequence,
                      {own.rows, n * own.rows, own.answer_rows, n * own.answer_rows, own.passes}) /
        steps;
  const double computing = run_seconds(run_work(config, settings.precision, own, plan.memory), rates);
  described.exchange_seconds = steps * exposed_seconds(described, computing / steps, pace.passes, gpu);
  described.seconds = computing + described.exchange_seconds;
}

TrainPlan plan_here(const TrainSettings& settings, const engine::ModelConfig& config,
                    const std::vector<StageShapes>& shapes) {
  const at::Device device = open_device(settings);
  const PlanTarget target = target_here(device, settings, fs::current_path());
  const RunPlan plan = plan_run(settings, config, shapes, target);
  require_attention(plan.longest_tile, settings, config, target.device);
  const auto options = at::device(device).dtype(kernels::scalar_type(settings.precision));
  TrainPlan described_plan =
      described(settings, config, plan, target, measured_rates(config, options, plan.longest_tile));
  described_plan.device = device.str();
  return described_plan;
}

TrainPlan plan_on(const engine::GpuModel& gpu, const TrainSettings& settings, const engine::Cluster& cluster,
                  const engine::ModelConfig& config, const std::vector<StageShapes>& shapes) {
  PlanTarget target = target_on(gpu, settings);
  target.share(sharing_of(settings, config, cluster.ranks(), cluster.gpus_per_node));
  const RunPlan plan = plan_run(settings, config, shapes, target);
  require_attention(plan.longest_tile, settings, config, target.device);
  const engine::Rates rates = gpu.rates(expects_cudnn(settings, config, target.device));
  TrainPlan described_plan = described(settings, config, plan, target, rates);
  described_plan.device = gpu.product;
  described_plan.gpu = gpu.name;
  described_plan.cluster = cluster;
  spread(described_plan, settings, config, plan, rates, gpu);
  described_plan.joules = gpu.watts * described_plan.seconds * cluster.ranks();
  return described_plan;
}

}  // namespace

std::vector<TrainPlan> plan_training(const TrainSettings& settings, const PlanOptions& options) {
  at::set_num_threads(thread_count(static_cast<int>(settings.threads)));
  const engine::ModelConfig config = planned_config(settings, options);
  const Examples examples = examples_of(settings, options, config);
  if (options.on.empty()) return {plan_here(settings, config, examples.shapes)};
  std::vector<TrainPlan> plans;
  for (const std::string& name : options.on)
    plans.push_back(plan_on(engine::gpu_model(name), settings, options.cluster, config, examples.shapes));
  return plans;
}

}  // namespace film::train
