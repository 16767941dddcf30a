#pragma once
// Tests on a card: skipped where there is none. Including this opens the CUDA half before the first test,
// since ATen must not be asked about CUDA earlier (at::manual_seed does ask).
#include <gtest/gtest.h>

#include "film/kernels/device.h"

namespace film::testing {

class OpenCard : public ::testing::Environment {
 public:
  void SetUp() override { kernels::open_cuda(); }
};
inline const auto* const open_card = ::testing::AddGlobalTestEnvironment(new OpenCard);

inline at::Device card() { return at::Device(at::kCUDA, 0); }

}  // namespace film::testing

#define FILM_NEEDS_CARD() \
  if (!film::kernels::open_cuda().usable()) GTEST_SKIP() << "no card: " << film::kernels::open_cuda().what
