#pragma once
// Where tensors are: on the CPU, or on an NVIDIA GPU. The CUDA libraries are opened only when they are asked
// for, and must be opened before anyone asks ATen about CUDA: ATen remembers the first answer for good.
#include <ATen/ATen.h>

#include <memory>
#include <string>

#include "film/engine/device.h"
#include "film/kernels/gpu_failure.h"

namespace film::kernels {

// The outcome of opening them: `what` is empty when a GPU can be used, else the reason why not, with a
// remedy. driver_missing: there is no NVIDIA driver at all, so nobody expects a GPU to be used.
struct CudaState {
  bool driver_missing = false;
  std::string what, remedy;
  bool usable() const { return what.empty(); }
};

// Opens driver, libtorch_cuda (beside libc10) and libfilm_cuda (beside this program), once for the process,
// and tells Torch's allocator to grow its segments in place.
const CudaState& open_cuda();

// automatic: the GPU when it can be used, else the CPU, with a line in the log unless there is no driver.
// cuda throws config_error when the GPU cannot be used.
at::Device choose_device(engine::DeviceChoice choice);

// A GPU, and the versions of CUDA and NCCL that meet there (13000 is CUDA 13.0, 22809 is NCCL 2.28.9).
struct DeviceFacts {
  std::string name, capability;  // compute capability: "9.0"
  int driver = 0, runtime = 0, nccl = 0;
  int multiprocessors = 0;
  std::uint64_t memory = 0, free = 0;  // bytes
};
DeviceFacts device_facts(const at::Device& device);
int capability_major(const at::Device& device);

// Bytes on a GPU.
struct DeviceMemory {
  std::uint64_t free, total, allocated, peak_allocated, reserved, peak_reserved;
  std::int64_t retries;
};
DeviceMemory device_memory(const at::Device& device);
constexpr at::ScalarType scalar_type(engine::Precision precision) {
  return precision == engine::Precision::bfloat16 ? at::kBFloat16 : at::kFloat;
}

// Waits until the GPU has done everything it was given. Nothing on a CPU.
void synchronise(const at::Device& device);

// Keeps the memory of a CPU tensor where copies to and from a GPU can run beside everything else, as long as
// the handle lives. Throws os_error.
std::shared_ptr<void> pin(const at::Tensor& x);

}  // namespace film::kernels
