#include "fitting_plan.h"

#include <ATen/DeviceAccelerator.h>
#include <fmt/format.h>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/engine/fits.h"
#include "film/kernels/device.h"
#include "film/model/attention_choice.h"
#include "stage_shapes.h"

namespace film::train {

int gpu_of(const engine::RankPlace& place, int gpus) {
  if (gpus == 1 && place.launcher == engine::Launcher::slurm) return 0;  // one for each task, of its own
  if (place.local_rank < gpus) return place.local_rank;
  throw config_error(fmt::format("rank {} is number {} on its node, which shows it {} GPU{}", place.rank,
                                 place.local_rank, gpus, gpus == 1 ? "" : "s"),
                     "start as many processes on each node as it has GPUs, or give each its own (srun "
                     "--gpus-per-task=1), or device=cpu");
}

at::Device open_device(const engine::TrainSettings& settings, const engine::RankPlace& place) {
  at::Device device = kernels::choose_device(settings.device);
  if (!device.is_cuda()) return device;
  if (place.size > 1) {
    device.set_index(static_cast<c10::DeviceIndex>(gpu_of(place, at::accelerator::deviceCount())));
    at::accelerator::setDeviceIndex(device.index());
  }
  model::choose_attention(settings.attention, settings.deterministic);
  return device;
}

namespace {

// Pinned memory cannot be swapped: a host without enough of it kills the run, or grows while it is used.
void look_at_host(const RunPlan& plan, const PlanTarget& target, std::uint64_t state) {
  if (target.device.kind != engine::DeviceKind::gpu || plan.memory.offload != engine::Offload::cpu) return;
  if (state > target.places.host)
    warn(fmt::format("the optimizer's state takes {:.1f} GiB of host memory, {:.1f} GiB are free",
                     static_cast<double>(state) / (1ull << 30),
                     static_cast<double>(target.places.host) / (1ull << 30)));
}

}  // namespace

void require_attention(std::int64_t tile, const engine::TrainSettings& settings,
                       const engine::ModelConfig& config, const engine::PlanDevice& device) {
  if (device.kind != engine::DeviceKind::gpu) return;
  const std::int64_t most =
      model::longest_on_gpu(settings.precision, heads_of(config, device.sharing), config.head_dim);
  if (tile <= most) return;
  throw config_error(
      fmt::format("a sequence of {} tokens: in {} with heads of {} a GPU computes attention over at most {}",
                  tile, name_of(settings.precision), config.head_dim, most),
      settings.precision == engine::Precision::float32
          ? "--precision bfloat16, shorter examples (max_tokens), or device=cpu"
          : "shorter examples (max_tokens), or device=cpu");
}

RunPlan fitting_plan(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                     std::vector<StageData>& stages, const at::Device& device, const fs::path& folder,
                     const ranks::Team& team, const engine::Sharing& sharing) {
  std::vector<StageShapes> shapes;
  for (std::size_t i = 0; i < stages.size(); ++i) shapes.push_back(shapes_of(stages[i], settings.stages[i]));
  PlanTarget target = target_here(device, settings, folder, team.on_host());
  target.share(sharing);
  RunPlan plan = plan_run(settings, config, shapes, target);
  require_attention(plan.longest_tile, settings, config, target.device);
  engine::require_memory(plan.memory, target.most, settings);
  if (team.leads())
    engine::require_disk(engine::disk_bytes(settings, config, plan.steps, plan.memory.offload), folder);
  look_at_host(plan, target,
               static_cast<std::uint64_t>(config.parameters() * engine::state_bytes(settings.precision) /
                                          sharing.state()));
  return plan;
}

engine::MemorySettings decided(engine::MemorySettings memory, const engine::MemoryPlan& plan) {
  memory.offload = plan.offload;
  return memory;
}

}  // namespace film::train
