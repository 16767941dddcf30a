#pragma once
// Tests on a GPU: skipped where there is none. Including this opens the CUDA libraries before the first test,
// since ATen must not be asked about CUDA earlier (at::manual_seed does ask).
#include <gtest/gtest.h>

#include "film/kernels/device.h"

namespace film::testing {

class OpenGpu : public ::testing::Environment {
 public:
  void SetUp() override { kernels::open_cuda(); }
};
inline const auto* const open_gpu = ::testing::AddGlobalTestEnvironment(new OpenGpu);

inline at::Device gpu() { return at::Device(at::kCUDA, 0); }

}  // namespace film::testing

#define FILM_NEEDS_GPU() \
  if (!film::kernels::open_cuda().usable()) GTEST_SKIP() << "no GPU: " << film::kernels::open_cuda().what
