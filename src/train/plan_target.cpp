#include "plan_target.h"

#include <algorithm>
#include <limits>

#include "film/kernels/device.h"

namespace film::train {
namespace {

constexpr double kGiB = 1ull << 30;
constexpr std::uint64_t kNcclBytes = std::uint64_t{1}
                                     << 30;  // its buffers on a GPU for each group of ranks, about

std::uint64_t share(std::uint64_t bytes, double of) {
  return static_cast<std::uint64_t>(of * static_cast<double>(bytes));
}

// A plan for a GPU counts what libraries take; for a CPU the rest of the machine needs something too.
PlanTarget target(const engine::PlanDevice& device, const engine::TrainSettings& settings,
                  std::uint64_t taken, std::uint64_t free) {
  const bool on_gpu = device.kind == engine::DeviceKind::gpu;
  PlanTarget target{.device = device, .places = {}, .most = taken + free};
  target.places.base = taken;
  target.places.limit = taken + share(free, on_gpu ? 0.96 : 0.9);
  if (settings.memory.limit > 0) {
    target.places.limit = static_cast<std::uint64_t>(settings.memory.limit * kGiB);
    target.most = std::min(target.most, target.places.limit);
  }
  return target;
}

// The nearest folder that exists: a run's is made later.
std::uint64_t disk_space(fs::path folder) {
  folder = fs::absolute(folder);
  while (!fs::exists(folder) && folder != folder.root_path()) folder = folder.parent_path();
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  return error ? 0 : space.available;
}

}  // namespace

void PlanTarget::share(const engine::Sharing& sharing) {
  device.sharing = sharing;
  if (device.kind == engine::DeviceKind::gpu)
    places.base += kNcclBytes * static_cast<std::uint64_t>(sharing.groups());
}

PlanTarget target_here(const at::Device& device, const engine::TrainSettings& settings,
                       const fs::path& folder, int ranks) {
  PlanTarget here;
  const std::uint64_t free = engine::free_memory() / static_cast<std::uint64_t>(ranks);
  if (device.is_cuda()) {
    const kernels::DeviceMemory memory = kernels::device_memory(device);
    const kernels::DeviceFacts facts = kernels::device_facts(device);
    here = target({engine::DeviceKind::gpu, kernels::capability_major(device), facts.multiprocessors},
                  settings, memory.total - memory.free, memory.free);
  } else {
    here = target({}, settings, engine::resident_memory(), free);
  }
  here.places.host = free;
  here.places.disk = disk_space(folder) / static_cast<std::uint64_t>(ranks);
  return here;
}

PlanTarget target_on(const engine::GpuModel& gpu, const engine::TrainSettings& settings) {
  PlanTarget there =
      target(gpu.plan_device(), settings, gpu.context_bytes(), gpu.bytes() - gpu.context_bytes());
  there.places.host = there.places.disk = std::numeric_limits<std::uint64_t>::max();
  return there;
}

}  // namespace film::train
