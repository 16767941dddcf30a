#pragma once
// The arithmetic of one element, for the CPU functions and the CUDA kernels alike: AdamW's step, and masters
// as two halves.
#include <bit>
#include <cmath>
#include <cstdint>

#include "film/kernels/adam_step.h"

#ifdef __CUDACC__
#define FILM_HOST_DEVICE __host__ __device__
#else
#define FILM_HOST_DEVICE
#endif

namespace film::kernels {

// AdamStep in the type that a step computes in, everything that does not depend on the element done once.
template <class T>
struct AdamMath {
  explicit AdamMath(const AdamStep& s)
      : beta1(static_cast<T>(s.beta1)),
        beta2(static_cast<T>(s.beta2)),
        keep(static_cast<T>(1 - s.lr * s.decay)),
        scale(static_cast<T>(s.scale)),
        rate(static_cast<T>(s.lr / (1 - std::pow(s.beta1, static_cast<double>(s.step))))),
        root(static_cast<T>(std::sqrt(1 - std::pow(s.beta2, static_cast<double>(s.step))))),
        eps(static_cast<T>(s.eps)) {}

  // The new weight.
  FILM_HOST_DEVICE T operator()(T weight, T gradient, T& m, T& v) const {
    const T g = gradient * scale;
    m = m + (1 - beta1) * (g - m);
    v = beta2 * v + (1 - beta2) * g * g;
    return weight * keep - rate * m / (std::sqrt(v) / root + eps);
  }

  T beta1, beta2, keep, scale, rate, root, eps;
};

// One fp32 master as a bf16 weight and an int16 remainder, exactly. With u the bits of the master:
//   high = (u + 0x8000) >> 16,  low = u - (high << 16),  u = (high << 16) + low.
// high is the master rounded to bf16, ties away from zero. (A cast that rounds ties to even would need the
// remainder +0x8000, which int16 does not hold.) Finite values only: a NaN's bits may wrap into an infinity.
FILM_HOST_DEVICE inline void split_bits(float master, std::uint16_t& high, std::int16_t& low) {
  const auto u = std::bit_cast<std::uint32_t>(master);
  high = static_cast<std::uint16_t>((u + 0x8000u) >> 16);
  low = static_cast<std::int16_t>(u - (static_cast<std::uint32_t>(high) << 16));
}

FILM_HOST_DEVICE inline float join_bits(std::uint16_t high, std::int16_t low) {
  const std::uint32_t u =
      (static_cast<std::uint32_t>(high) << 16) + static_cast<std::uint32_t>(std::int32_t{low});
  return std::bit_cast<float>(u);
}

}  // namespace film::kernels
