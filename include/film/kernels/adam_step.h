#pragma once
// One step of AdamW, as numbers: read by the CPU reference and by the CUDA kernels, so without Torch.
#include <cstdint>

namespace film::kernels {

// AdamW (Loshchilov & Hutter, decoupled decay), torch's arithmetic: w -= lr * decay * w; then w -= lr / (1 -
// beta1^t) * m / (sqrt(v / (1 - beta2^t)) + eps). gradient is multiplied by `scale` first (clipping).
struct AdamStep {
  double lr, beta1, beta2, eps, decay, scale;
  std::int64_t step;  // t, from 1
};

}  // namespace film::kernels
