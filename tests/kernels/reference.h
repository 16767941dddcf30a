#pragma once
// One table of checks that holds every CUDA kernel against its CPU reference, over odd sizes, with poisoned
// outputs: run on the CPU through the emulated launchers, and on a GPU through kernels.h itself.
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "film/kernels/kernels.h"

namespace film::testing {

using at::Tensor;

// How the tests reach the kernels under test: the functions of kernels.h, over tensors of one device.
struct Subject {
  at::Device device;
  std::function<void(const Tensor&, const Tensor&, double, Tensor&, Tensor&)> rms_norm_forward;
  std::function<void(const Tensor&, const Tensor&, const Tensor&, Tensor&)> rms_norm_recompute;
  std::function<void(const Tensor&, const Tensor&, const Tensor&, const Tensor&, Tensor&, Tensor&)>
      rms_norm_backward;
  std::function<void(Tensor, const Tensor&, const Tensor&, bool)> rope;
  std::function<void(const Tensor&, Tensor&)> swiglu_forward;
  std::function<void(Tensor&, const Tensor&, Tensor&)> swiglu_backward;
  std::function<void(Tensor&, const Tensor&, const Tensor&, Tensor&, Tensor&)> cross_entropy;
  std::function<void(Tensor, Tensor, const Tensor&, const Tensor&)> merge_attention;
  std::function<void(const Tensor&, const Tensor&, Tensor&)> embedding_backward;
  std::function<void(Tensor&, const Tensor&, Tensor&, Tensor&, const kernels::AdamStep&)> adamw;
  std::function<void(Tensor&, Tensor&, const Tensor&, Tensor&, Tensor&, const kernels::AdamStep&)>
      adamw_split;
  std::function<void(const Tensor&, Tensor&, Tensor&)> split_master;
  std::function<void(const Tensor&, const Tensor&, Tensor&)> join_master;
  std::function<double(const Tensor&)> squared_norm;
};

// Runs every check for elements of `type`.
void check_against_reference(const Subject& subject, at::ScalarType type);

}  // namespace film::testing
