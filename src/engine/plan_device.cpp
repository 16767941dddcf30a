#include "film/engine/plan_device.h"

#include "film/engine/train_settings.h"

namespace film::engine {

bool expects_blocks(const ModelConfig& config, Precision precision, DeviceKind device) {
  return device == DeviceKind::cpu && precision == Precision::float32 &&
         config.head_dim % kBlockHeadUnit == 0 && config.head_dim <= kBlockHead;
}

bool expects_cudnn(const TrainSettings& settings, const ModelConfig& config, const PlanDevice& device) {
  const bool fits = settings.precision == Precision::bfloat16 && config.head_dim % 8 == 0 &&
                    config.head_dim <= kCudnnHead && config.sliding_window == 0;
  return device.kind == DeviceKind::gpu && device.capability == kCudnnCapability && fits &&
         settings.attention == AttentionChoice::automatic && !settings.deterministic;
}

bool pads_lengths(const TrainSettings& settings, const ModelConfig& config, const PlanDevice& device) {
  if (settings.pad_lengths != PadLengths::automatic) return settings.pad_lengths == PadLengths::on;
  return expects_cudnn(settings, config, device);
}

}  // namespace film::engine
