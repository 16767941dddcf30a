#pragma once
// A kernel that a GPU did not start: thrown by the CUDA library, which knows neither Torch nor film::Error.
#include <stdexcept>

namespace film::kernels {

struct GpuFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace film::kernels
