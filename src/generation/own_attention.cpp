#include "own_attention.h"

#include <cmath>

#include "film/kernels/kernels.h"

namespace film::generation {
namespace {

double scale_of(const Tensor& q_QNH) { return 1 / std::sqrt(static_cast<double>(q_QNH.size(2))); }

}  // namespace

OwnAttention attend_own(const Tensor& q, const Tensor& key, const Tensor& value, const Tensor& mask) {
  if (!q.is_cpu()) return attend_own_unfused(q, key, value, mask);
  const auto [out, lse] = at::_scaled_dot_product_flash_attention_for_cpu(
      q.unsqueeze(2), key.transpose(1, 2), value.transpose(1, 2), 0.0, /*is_causal=*/false,
      mask.view({mask.size(0), 1, 1, mask.size(1)}), scale_of(q));
  return {out.squeeze(2), lse.squeeze(2)};
}

OwnAttention attend_own_unfused(const Tensor& q, const Tensor& key, const Tensor& value, const Tensor& mask) {
  const at::ScalarType sums = kernels::opmath_type(q);
  const std::int64_t Q = q.size(0), N = q.size(1), H = q.size(2), L = key.size(1), M = key.size(2);
  // Query heads that share a key head are the rows of one product.
  const Tensor query_QMGH = q.view({Q, M, N / M, H}).to(sums), key_QMLH = key.transpose(1, 2).to(sums),
               value_QMLH = value.transpose(1, 2).to(sums);
  const Tensor scores_QMGL =
      at::matmul(query_QMGH, key_QMLH.transpose(2, 3)) * scale_of(q) + mask.to(sums).view({Q, 1, 1, L});
  const Tensor lse_QMG = scores_QMGL.logsumexp(3);
  const Tensor shares_QMGL = (scores_QMGL - lse_QMG.unsqueeze(3)).exp();
  return {at::matmul(shares_QMGL, value_QMLH).view({Q, N, H}).to(q.scalar_type()), lse_QMG.view({Q, N})};
}

}  // namespace film::generation
