#include "memory_log.h"

#include "film/kernels/device.h"

namespace film::train {
namespace {

// Of the memory that the plan is about: the GPU's, with what lies outside Torch's allocator, or the process's.
std::uint64_t peak_of(const at::Device& device) {
  if (!device.is_cuda()) return engine::peak_memory();
  const kernels::DeviceMemory memory = kernels::device_memory(device);
  return memory.total - memory.free - memory.reserved + memory.peak_reserved;
}

void write_memory_json(const fs::path& run, const Json& memory) {
  write_file(run / "memory.json", to_pretty(memory));
}

}  // namespace

void write_memory_log(const fs::path& run, const engine::MemoryPlan& plan) {
  write_memory_json(run, to_json(plan));
}

void write_memory_log(const fs::path& run, const engine::MemoryPlan& plan, const at::Device& device,
                      const ranks::Team& team) {
  Json memory = to_json(plan);
  memory["peak"] = peak_of(device);
  const ranks::Traffic bytes = team.traffic();
  if (team.size() > 1)
    memory["exchanged"] = {{"summed", bytes.summed},
                           {"scattered", bytes.scattered},
                           {"gathered", bytes.gathered},
                           {"swapped", bytes.swapped}};
  write_memory_json(run, memory);
}

}  // namespace film::train
