#pragma once
// Where a model computes, and in which type.

namespace film::engine {

enum class DeviceChoice {
  automatic,  // the GPU where one can be used, else the CPU
  cpu,
  cuda  // throws config_error where no GPU can be used
};

// Of weights and activations. Sums (gradients, statistics) are fp32 in both; training in bfloat16 keeps fp32 masters.
enum class Precision { float32, bfloat16 };

}  // namespace film::engine
