#pragma once
// What can be asked of a model on a device at one time: questions that share one long prefix.
#include "film/engine/memory_plan.h"

namespace film::engine {

inline constexpr std::int64_t kProbeTokens = 32768,
                              kProbeRows = 256;  // of the prefix; of a question and its answer

struct ProbeFit {
  std::int64_t prefix = 0;     // tokens: kProbeTokens, or as many as the model reads
  std::int64_t questions = 0;  // open at once; 0: not even one
};
// By plan_asking(). most: bytes of the device, of which `base` are taken.
ProbeFit probe_fit(const ModelConfig& config, Precision precision, std::uint64_t most, std::uint64_t base,
                   const PlanDevice& device);

}  // namespace film::engine
