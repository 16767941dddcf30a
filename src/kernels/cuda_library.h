#pragma once
// The opened CUDA libraries, for this module alone.
#include <functional>
#include <string>

#include "cuda/library.h"
#include "film/kernels/device.h"
#include "on_cuda.h"

namespace film::kernels {

// Throws internal_error before open_cuda() found a usable GPU: no CUDA tensor can exist then.
const cuda::Library& cuda_library();

// From here on, until the next call, the libraries are open with this table; nullptr: open_cuda() is asked again. The table
// must outlive its use.
void use_table(const cuda::Library* table);

// The kernels, on the current stream of the device of x.
OnCuda on_cuda(const Tensor& x);

// Torch's part in the start of CUDA, and its settings.
struct TorchCuda {
  std::function<bool()> is_known;  // false: it was asked before its CUDA library was opened
  std::function<void()>
      start;  // after this its allocator exists: the table's memory functions ask it; may throw
};
TorchCuda torch_cuda();

// The last part of open_cuda(), when both libraries are loaded: asks Torch, starts it, then asks the table.
CudaState start_cuda(const cuda::Library& table, const TorchCuda& torch);

// Names by which the driver is tried, in this order: containers put it where the loader does not look.
std::vector<std::string> driver_names();

}  // namespace film::kernels
