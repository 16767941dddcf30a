#include "film/model/attention.h"

#include <algorithm>
#include <limits>

#include "attention_tiles.h"
#include "film/kernels/kernels.h"

namespace film::model {
namespace {

Tensor rows(const Tensor& x, const batches::Span& span) { return x.narrow(0, span.begin, span.length); }

// True when some rows are put together from several tiles: they are added to, so they must begin empty.
bool merges(const AttentionPlan& plan) {
  return std::ranges::any_of(plan, [](const Tile& tile) { return !tile.first; });
}

}  // namespace

void attention_forward(const Tensor& q_QNH, const Tensor& k_TMH, const Tensor& v_TMH,
                       const AttentionPlan& plan, Tensor& out_QNH, Tensor& lse_QN) {
  if (merges(plan)) {
    out_QNH.zero_();
    lse_QN.fill_(-std::numeric_limits<double>::infinity());
  }
  for (const Tile& tile : plan) {
    const TileOutput part =
        tile_forward(rows(q_QNH, tile.queries), rows(k_TMH, tile.keys), rows(v_TMH, tile.keys), tile);
    Tensor out = rows(out_QNH, tile.queries), lse = rows(lse_QN, tile.queries);
    if (tile.first) {
      out.copy_(part.out_qNH);
      lse.copy_(part.lse_qN);
    } else {
      kernels::merge_attention(out, lse, part.out_qNH, part.lse_qN);
    }
  }
}

void attention_backward(const Tensor& dout_QNH, const Tensor& q_QNH, const Tensor& k_TMH, const Tensor& v_TMH,
                        const Tensor& out_QNH, const Tensor& lse_QN, const AttentionPlan& plan,
                        Tensor& dq_QNH, Tensor& dk_TMH, Tensor& dv_TMH) {
  if (merges(plan)) dq_QNH.zero_();
  // cuDNN's cached plan does not know the layout of dout: rows of a contiguous tensor, always.
  TORCH_INTERNAL_ASSERT(dout_QNH.is_contiguous() && out_QNH.is_contiguous());
  for (const Tile& tile : plan) {
    const TileGradients d =
        tile_backward(rows(dout_QNH, tile.queries), rows(q_QNH, tile.queries), rows(k_TMH, tile.keys),
                      rows(v_TMH, tile.keys), rows(out_QNH, tile.queries), rows(lse_QN, tile.queries), tile);
    Tensor dq = rows(dq_QNH, tile.queries);
    if (tile.first)
      dq.copy_(d.query_qNH);
    else
      dq.add_(d.query_qNH);
    rows(dk_TMH, tile.keys) += d.key_kMH;
    rows(dv_TMH, tile.keys) += d.value_kMH;
  }
}

}  // namespace film::model
