#pragma once
// What planning has to know about the device of a run, whether it is in this machine or not.
#include <cstdint>

#include "film/engine/device.h"
#include "film/engine/sharing.h"

namespace film::engine {

enum class DeviceKind { cpu, gpu };

struct PlanDevice {
  PlanDevice(DeviceKind of = DeviceKind::cpu, int major = 0, int processors = 0)
      : kind(of), capability(major), multiprocessors(processors) {}
  DeviceKind kind;
  int capability;       // major compute capability of a GPU: 9 is Hopper
  int multiprocessors;  // of a GPU
  Sharing sharing;      // of its run
  // A deterministic backward of attention sums the parts of dq in as many copies, so that no two of them meet
  // (FlashAttention 2: one for each share of the processors that a sequence's heads leave free).
  std::int64_t dq_copies(std::int64_t heads, bool deterministic) const {
    return deterministic && multiprocessors > 0 ? (multiprocessors + heads - 1) / heads : 1;
  }
};

// Attention by cuDNN (model/attention_tiles.h): on this architecture alone, from so many rows on, for heads up to this
// width. It prepares a graph for every length.
inline constexpr int kCudnnCapability = 9;
inline constexpr std::int64_t kCudnnRows = 2048, kCudnnHead = 128;

// film's own attention on a CPU (film/kernels/attention.h): from so many rows on, for heads whose size is a multiple of the
// first number and at most the second.
inline constexpr std::int64_t kBlockQueryRows = 96, kBlockHeadUnit = 16, kBlockHead = 256;
// Whether it takes what such a model computes. It takes work space of its own.
bool expects_blocks(const ModelConfig& config, Precision precision, DeviceKind device);

// Whether passes of a run are expected to take it. Then lengths are padded, if that is left to film.
bool expects_cudnn(const TrainSettings& settings, const ModelConfig& config, const PlanDevice& device);
bool pads_lengths(const TrainSettings& settings, const ModelConfig& config, const PlanDevice& device);

}  // namespace film::engine
