#pragma once
// GPUs by name, for plans on a machine without one: what their makers' data sheets say.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "film/engine/plan_device.h"
#include "film/engine/run_time.h"

namespace film::engine {

struct GpuModel {
  std::string_view name;     // "h100-80": what is typed
  std::string_view product;  // "NVIDIA H100 SXM, 80 GB"
  std::uint64_t mebibytes;   // of memory, as the driver reports it
  int capability;            // major compute capability
  int multiprocessors;
  double teraflops;  // bf16 with fp32 sums, dense
  double bandwidth;  // of its memory, GB/s
  double link;       // to the host, GB/s each way
  double watts;      // most that the board draws
  double node_link;  // to other GPUs of its node (NVLink, else PCIe), GB/s each way

  PlanDevice plan_device() const { return {DeviceKind::gpu, capability, multiprocessors}; }
  std::uint64_t bytes() const { return mebibytes << 20; }
  std::uint64_t context_bytes() const { return std::uint64_t{600} << 20; }  // of a process that uses it
  // What sustained work reaches of those peaks, by the kind of work. cudnn: attention by cuDNN, else FlashAttention 2.
  Rates rates(bool cudnn) const;
};

// From the smallest memory to the largest.
std::span<const GpuModel> gpu_models();
// Throws config_error with all names.
const GpuModel& gpu_model(const std::string& name);

}  // namespace film::engine
