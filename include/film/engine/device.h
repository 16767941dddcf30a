#pragma once
// Where a model computes, and in which type.
#include "film/base/enum_names.h"

namespace film::engine {

enum class DeviceChoice {
  automatic,  // the GPU where one can be used, else the CPU
  cpu,
  cuda  // throws config_error where no GPU can be used
};
constexpr auto enum_names(DeviceChoice) {
  return std::array{EnumName{DeviceChoice::automatic, "auto"}, EnumName{DeviceChoice::cpu, "cpu"},
                    EnumName{DeviceChoice::cuda, "cuda"}};
}

// Of weights and activations. Sums (gradients, statistics) are fp32 in both; training in bfloat16 keeps fp32 masters.
enum class Precision { float32, bfloat16 };
constexpr auto enum_names(Precision) {
  return std::array{EnumName{Precision::float32, "float32"}, EnumName{Precision::bfloat16, "bfloat16"}};
}

}  // namespace film::engine
