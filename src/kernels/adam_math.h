#pragma once
// The arithmetic of one element's AdamW step, for the CPU twin and the CUDA kernel alike.
#include <cmath>

#include "both.h"
#include "film/kernels/adam_step.h"

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
  FILM_BOTH T operator()(T weight, T gradient, T& m, T& v) const {
    const T g = gradient * scale;
    m = m + (1 - beta1) * (g - m);
    v = beta2 * v + (1 - beta2) * g * g;
    return weight * keep - rate * m / (std::sqrt(v) / root + eps);
  }

  T beta1, beta2, keep, scale, rate, root, eps;
};

}  // namespace film::kernels
