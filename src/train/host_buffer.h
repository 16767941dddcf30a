#pragma once
// Large host memory that lives as long as a run: zeroed by the system, in huge pages where it has them. They are
// touched and pinned several times as fast as pages of 4 KiB.
#include <ATen/ATen.h>

namespace film::train {

// Throws os_error when the system refuses the memory.
at::Tensor host_zeros(std::int64_t elements, at::ScalarType type);

}  // namespace film::train
