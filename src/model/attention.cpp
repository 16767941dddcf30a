#include "film/model/attention.h"

#include <cmath>
#include <limits>
#include <tuple>

#include "film/kernels/kernels.h"

namespace film {
namespace {

// Rows of a [rows, N, H] tensor as the [1, N, rows, H] that the fused call wants. No copy.
Tensor heads_first(const Tensor& x_RNH, const Span& rows) {
  return x_RNH.narrow(0, rows.begin, rows.length).transpose(0, 1).unsqueeze(0);
}

Tensor rows_first(const Tensor& x_1NRH) { return x_1NRH.squeeze(0).transpose(0, 1); }

std::optional<Tensor> mask_of(const Tile& tile) {
  if (!tile.mask.defined()) return std::nullopt;
  return tile.mask.unsqueeze(0).unsqueeze(0);
}

// Sums the gradient of every query head's copy of a key head: [1, N, R, H] -> [R, M, H].
Tensor fold_heads(const Tensor& d_1NRH, std::int64_t key_heads) {
  const std::int64_t N = d_1NRH.size(1);
  if (N == key_heads) return rows_first(d_1NRH);
  return d_1NRH.view({key_heads, N / key_heads, d_1NRH.size(2), d_1NRH.size(3)}).sum(1).transpose(0, 1);
}

Tensor repeat_heads(const Tensor& x_1MRH, std::int64_t query_heads) {
  const std::int64_t M = x_1MRH.size(1);
  return M == query_heads ? x_1MRH : x_1MRH.repeat_interleave(query_heads / M, 1);
}

}  // namespace

void attention_forward(const Tensor& q_QNH, const Tensor& k_TMH, const Tensor& v_TMH,
                       const AttentionPlan& plan, Tensor& out_QNH, Tensor& lse_QN) {
  const double scale = 1 / std::sqrt(static_cast<double>(q_QNH.size(2)));
  out_QNH.zero_();
  lse_QN.fill_(-std::numeric_limits<double>::infinity());
  for (const Tile& tile : plan) {
    const auto [part, part_lse] = at::_scaled_dot_product_flash_attention_for_cpu(
        heads_first(q_QNH, tile.queries), repeat_heads(heads_first(k_TMH, tile.keys), q_QNH.size(1)),
        repeat_heads(heads_first(v_TMH, tile.keys), q_QNH.size(1)), 0.0, tile.causal, mask_of(tile), scale);
    const Tensor part_qNH = rows_first(part), part_lse_qN = part_lse.squeeze(0).transpose(0, 1);
    Tensor out = out_QNH.narrow(0, tile.queries.begin, tile.queries.length);
    Tensor lse = lse_QN.narrow(0, tile.queries.begin, tile.queries.length);
    if (tile.first) {
      out.copy_(part_qNH);
      lse.copy_(part_lse_qN);
    } else {
      kernels::merge_attention(out, lse, part_qNH, part_lse_qN);
    }
  }
}

void attention_backward(const Tensor& dout_QNH, const Tensor& q_QNH, const Tensor& k_TMH, const Tensor& v_TMH,
                        const Tensor& out_QNH, const Tensor& lse_QN, const AttentionPlan& plan,
                        Tensor& dq_QNH, Tensor& dk_TMH, Tensor& dv_TMH) {
  const double scale = 1 / std::sqrt(static_cast<double>(q_QNH.size(2)));
  const std::int64_t N = q_QNH.size(1), M = k_TMH.size(1);
  dq_QNH.zero_();
  for (const Tile& tile : plan) {
    const Tensor lse_1NQ =
        lse_QN.narrow(0, tile.queries.begin, tile.queries.length).t().contiguous().unsqueeze(0);
    const auto [dq, dk, dv] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
        heads_first(dout_QNH, tile.queries), heads_first(q_QNH, tile.queries),
        repeat_heads(heads_first(k_TMH, tile.keys), N), repeat_heads(heads_first(v_TMH, tile.keys), N),
        heads_first(out_QNH, tile.queries), lse_1NQ, 0.0, tile.causal, mask_of(tile), scale);
    dq_QNH.narrow(0, tile.queries.begin, tile.queries.length) += rows_first(dq);
    dk_TMH.narrow(0, tile.keys.begin, tile.keys.length) += fold_heads(dk, M);
    dv_TMH.narrow(0, tile.keys.begin, tile.keys.length) += fold_heads(dv, M);
  }
}

}  // namespace film
