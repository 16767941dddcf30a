#pragma once
// The opened CUDA libraries, for this module alone.
#include "cuda/library.h"
#include "on_cuda.h"

namespace film::kernels {

// Throws internal_error before open_cuda() found a usable GPU: no CUDA tensor can exist then.
const cuda::Library& cuda_library();

// The kernels, on the current stream of the device of x.
OnCuda on_cuda(const Tensor& x);

}  // namespace film::kernels
