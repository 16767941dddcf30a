#pragma once
// Where tensors live: on the CPU, or on one NVIDIA card. The CUDA half is opened only when it is asked for,
// and must be opened before anyone asks ATen about CUDA: ATen remembers the first answer for good.
#include <ATen/ATen.h>

#include <memory>
#include <string>

#include "film/base/json.h"

namespace film::kernels {

// What came of opening it: `what` is empty when a card can be used, else what stands in the way, with a
// remedy. driver_missing: there is no NVIDIA driver at all, so nobody expects a card to be used.
struct CudaState {
  bool driver_missing = false;
  std::string what, remedy;
  bool usable() const { return what.empty(); }
};

// Opens driver, libtorch_cuda (beside libc10) and libfilm_cuda (beside this program), once for the process,
// and tells Torch's allocator to grow its segments in place.
const CudaState& open_cuda();

// "cpu"; "cuda", which throws config_error when the card cannot be used; "auto": the card when it can be
// used, else the CPU, with a line in the log unless there is no driver.
at::Device choose_device(const std::string& name);

// Name, capability, versions, memory: for `film doctor`. Needs a usable card.
Json describe_card();
int capability_major(const at::Device& device);

// Bytes on the card.
struct CardMemory {
  std::uint64_t free, total, allocated, peak_allocated, reserved, peak_reserved;
  std::int64_t retries;
};
CardMemory card_memory(const at::Device& device);
// Waits until the card has done everything it was given.
void synchronise(const at::Device& device);

// Keeps the memory of a CPU tensor where copies to and from a card can run beside everything else, as long as
// the handle lives. Throws os_error.
std::shared_ptr<void> pin(const at::Tensor& x);

}  // namespace film::kernels
