#include "film/model/attention.h"

#include <algorithm>
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

// True when some rows are put together from several tiles: they are added to, so they must begin empty.
bool merges(const AttentionPlan& plan) {
  return std::ranges::any_of(plan, [](const Tile& tile) { return !tile.first; });
}

}  // namespace

void attention_forward(const Tensor& q_QNH, const Tensor& k_TMH, const Tensor& v_TMH,
                       const AttentionPlan& plan, Tensor& out_QNH, Tensor& lse_QN) {
  const double scale = 1 / std::sqrt(static_cast<double>(q_QNH.size(2)));
  if (merges(plan)) {
    out_QNH.zero_();
    lse_QN.fill_(-std::numeric_limits<double>::infinity());
  }
  for (const Tile& tile : plan) {
    const auto [part, part_lse] = at::_scaled_dot_product_flash_attention_for_cpu(
        heads_first(q_QNH, tile.queries), heads_first(k_TMH, tile.keys), heads_first(v_TMH, tile.keys), 0.0,
        tile.causal, mask_of(tile), scale);
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
  if (merges(plan)) dq_QNH.zero_();
  for (const Tile& tile : plan) {
    const Tensor lse_1NQ =
        lse_QN.narrow(0, tile.queries.begin, tile.queries.length).t().contiguous().unsqueeze(0);
    const auto [dq, dk, dv] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
        heads_first(dout_QNH, tile.queries), heads_first(q_QNH, tile.queries), heads_first(k_TMH, tile.keys),
        heads_first(v_TMH, tile.keys), heads_first(out_QNH, tile.queries), lse_1NQ, 0.0, tile.causal,
        mask_of(tile), scale);
    Tensor dq_tile = dq_QNH.narrow(0, tile.queries.begin, tile.queries.length);
    tile.first ? dq_tile.copy_(rows_first(dq)) : dq_tile.add_(rows_first(dq));
    dk_TMH.narrow(0, tile.keys.begin, tile.keys.length) += rows_first(dk);
    dv_TMH.narrow(0, tile.keys.begin, tile.keys.length) += rows_first(dv);
  }
}

}  // namespace film
