#include "film/engine/gpu_model.h"

#include <algorithm>
#include <array>

#include "film/base/error.h"
#include "film/base/strings.h"

namespace film::engine {
namespace {

// NVIDIA's data sheets (bf16 with fp32 sums, without sparsity); memory as nvidia-smi shows it.
//   name, product, MiB, capability, multiprocessors, TFLOP/s, GB/s, GB/s of the link, W, GB/s to
// other GPUs of a node of 8
constexpr std::array kGpus = {
    GpuModel{"l4-24", "NVIDIA L4, 24 GB", 23034, 8, 58, 121, 300, 32, 72, 32},
    GpuModel{"rtx3090-24", "NVIDIA GeForce RTX 3090, 24 GB", 24576, 8, 82, 71, 936, 32, 350, 32},
    GpuModel{"rtx4090-24", "NVIDIA GeForce RTX 4090, 24 GB", 24564, 8, 128, 165, 1008, 32, 450, 32},
    GpuModel{"a100-40", "NVIDIA A100 SXM, 40 GB", 40960, 8, 108, 312, 1555, 32, 400, 300},
    GpuModel{"a6000-48", "NVIDIA RTX A6000, 48 GB", 49140, 8, 84, 155, 768, 32, 300, 32},
    GpuModel{"l40s-48", "NVIDIA L40S, 48 GB", 46068, 8, 142, 362, 864, 32, 350, 32},
    GpuModel{"a100-80", "NVIDIA A100 SXM, 80 GB", 81920, 8, 108, 312, 2039, 32, 400, 300},
    GpuModel{"h100-80", "NVIDIA H100 SXM, 80 GB", 81559, 9, 132, 989, 3352, 64, 700, 450},
    GpuModel{"h100-94", "NVIDIA H100 NVL, 94 GB", 95830, 9, 132, 835, 3938, 64, 400, 64},
    GpuModel{"h200-141", "NVIDIA H200 SXM, 141 GB", 143771, 9, 132, 989, 4800, 64, 700, 450},
    GpuModel{"b200-192", "NVIDIA B200 SXM, 192 GB", 183359, 10, 148, 2250, 8000, 64, 1000, 900},
};

// Shares of the peaks that sustained work reaches, by architecture: FlashAttention 2's kernels are Ampere's, so newer
// tensor cores are left idle; cuDNN's are Hopper's own. Measured by others on H100 and A100 at long sequences; the rest
// is taken to be like its neighbour.
struct Shares {
  double products, weight_gradients, flash_forward, flash_backward, cudnn_forward, cudnn_backward;
};
Shares shares_of(int capability) {
  if (capability <= 8) return {0.72, 0.66, 0.62, 0.52, 0, 0};
  if (capability == 9) return {0.68, 0.60, 0.35, 0.32, 0.58, 0.52};
  return {0.65, 0.57, 0.17, 0.15, 0, 0};
}

}  // namespace

Rates GpuModel::rates(bool cudnn) const {
  constexpr double kTera = 1e12, kGiga = 1e9, kOfBandwidth = 0.85, kOfLink = 0.8;
  const Shares shares = shares_of(capability);
  const double peak = teraflops * kTera;
  return {.products = shares.products * peak,
          .weight_gradients = shares.weight_gradients * peak,
          .attention_forward = (cudnn ? shares.cudnn_forward : shares.flash_forward) * peak,
          .attention_backward = (cudnn ? shares.cudnn_backward : shares.flash_backward) * peak,
          .memory = kOfBandwidth * bandwidth * kGiga,
          .link = kOfLink * link * kGiga};
}

std::span<const GpuModel> gpu_models() { return kGpus; }

const GpuModel& gpu_model(const std::string& name) {
  const auto found = std::ranges::find(kGpus, name, &GpuModel::name);
  if (found != kGpus.end()) return *found;
  std::vector<std::string> names;
  for (const GpuModel& gpu : kGpus) names.emplace_back(gpu.name);
  throw config_error("no GPU is called \"" + name + "\"",
                     "one of: " + join(names, ", ") + "; all of them: all");
}

}  // namespace film::engine
