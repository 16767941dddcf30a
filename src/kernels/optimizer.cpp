// AdamW, the squared norm, and the embedding gradient.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "dispatch.h"
#include "film/kernels/kernels.h"

namespace film::kernels {

void adamw(Tensor& weight, const Tensor& gradient, Tensor& m, Tensor& v, const AdamStep& s) {
  AT_DISPATCH_FLOATING_TYPES(weight.scalar_type(), "adamw", [&] {
    const auto t = static_cast<double>(s.step);
    const auto beta1 = static_cast<scalar_t>(s.beta1), beta2 = static_cast<scalar_t>(s.beta2);
    const auto keep = static_cast<scalar_t>(1 - s.lr * s.decay), scale = static_cast<scalar_t>(s.scale);
    const auto rate = static_cast<scalar_t>(s.lr / (1 - std::pow(s.beta1, t)));
    const auto root = static_cast<scalar_t>(std::sqrt(1 - std::pow(s.beta2, t)));
    const auto eps = static_cast<scalar_t>(s.eps);
    auto* w = weight.mutable_data_ptr<scalar_t>();
    const auto* g = gradient.const_data_ptr<scalar_t>();
    auto* first = m.mutable_data_ptr<scalar_t>();
    auto* second = v.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, weight.numel(), 1 << 14, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const scalar_t gi = g[i] * scale;
        first[i] = first[i] + (1 - beta1) * (gi - first[i]);
        second[i] = beta2 * second[i] + (1 - beta2) * gi * gi;
        w[i] = w[i] * keep - rate * first[i] / (std::sqrt(second[i]) / root + eps);
      }
    });
  });
}

double squared_norm(const Tensor& x) {
  constexpr std::int64_t kBlock = 1 << 14;
  const std::int64_t n = x.numel(), blocks = (n + kBlock - 1) / kBlock;
  std::vector<double> sums(static_cast<std::size_t>(blocks));
  FILM_DISPATCH(x, "squared_norm", [&] {
    const auto* data = x.const_data_ptr<scalar_t>();
    at::parallel_for(0, blocks, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t b = begin; b < end; ++b) {
        double sum = 0;
        for (std::int64_t i = b * kBlock; i < std::min(n, (b + 1) * kBlock); ++i) {
          const auto value = static_cast<double>(static_cast<sum_t>(data[i]));
          sum += value * value;
        }
        sums[static_cast<std::size_t>(b)] = sum;
      }
    });
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

void embedding_backward(const Tensor& dx_TD, const Tensor& ids_T, Tensor& dembedding_VD) {
  const std::int64_t T = dx_TD.size(0), D = dx_TD.size(1);
  const auto* ids = ids_T.const_data_ptr<std::int64_t>();
  std::vector<std::int64_t> order(static_cast<std::size_t>(T));
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::int64_t t) { return ids[t]; });
  FILM_DISPATCH(dx_TD, "embedding_backward", [&] {
    const auto* dx = dx_TD.const_data_ptr<scalar_t>();
    auto* sum = dembedding_VD.mutable_data_ptr<sum_t>();
    // Columns in parallel: every id's rows are added in order of t by one thread.
    at::parallel_for(0, D, grain(T), [&](std::int64_t begin, std::int64_t end) {
      for (const std::int64_t t : order)
        for (std::int64_t d = begin; d < end; ++d) sum[ids[t] * D + d] += static_cast<sum_t>(dx[t * D + d]);
    });
  });
}

}  // namespace film::kernels
