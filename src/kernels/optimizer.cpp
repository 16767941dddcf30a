// AdamW, the squared norm, and the embedding gradient.
#include <algorithm>
#include <numeric>
#include <vector>

#include "cuda_library.h"
#include "dispatch.h"
#include "element_math.h"
#include "film/kernels/kernels.h"

namespace film::kernels {

namespace {

constexpr std::int64_t kStepGrain = 1 << 14;  // elements of one thread at least

}  // namespace

void adamw(Tensor& weight, const Tensor& gradient, Tensor& m, Tensor& v, const AdamStep& s) {
  if (weight.is_cuda()) return on_cuda(weight).adamw(weight, gradient, m, v, s);
  AT_DISPATCH_FLOATING_TYPES(weight.scalar_type(), "adamw", [&] {
    const AdamMath<scalar_t> step(s);
    auto* w = weight.mutable_data_ptr<scalar_t>();
    const auto* g = gradient.const_data_ptr<scalar_t>();
    auto* first = m.mutable_data_ptr<scalar_t>();
    auto* second = v.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, weight.numel(), kStepGrain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) w[i] = step(w[i], g[i], first[i], second[i]);
    });
  });
}

void adamw_split(Tensor& weight, Tensor& remainder, const Tensor& gradient, Tensor& m, Tensor& v,
                 const AdamStep& s) {
  if (weight.is_cuda()) return on_cuda(weight).adamw_split(weight, remainder, gradient, m, v, s);
  const AdamMath<float> step(s);
  auto* high = reinterpret_cast<std::uint16_t*>(weight.mutable_data_ptr<at::BFloat16>());
  auto* low = remainder.mutable_data_ptr<std::int16_t>();
  const auto* g = gradient.const_data_ptr<float>();
  auto* first = m.mutable_data_ptr<float>();
  auto* second = v.mutable_data_ptr<float>();
  at::parallel_for(0, weight.numel(), kStepGrain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const float master = join_bits(high[i], low[i]);
      split_bits(step(master, g[i], first[i], second[i]), high[i], low[i]);
    }
  });
}

double squared_norm(const Tensor& x) {
  if (x.is_cuda()) return on_cuda(x).squared_norm({x});
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

double squared_norm(const std::vector<Tensor>& list) {
  if (!list.empty() && list.front().is_cuda()) return on_cuda(list.front()).squared_norm(list);
  double sum = 0;
  for (const Tensor& x : list) sum += squared_norm(x);
  return sum;
}

void embedding_backward(const Tensor& dx_TD, const Tensor& ids_T, Tensor& dembedding_VD) {
  if (dx_TD.is_cuda()) return on_cuda(dx_TD).embedding_backward(dx_TD, ids_T, dembedding_VD);
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
