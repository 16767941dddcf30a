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

// True when one call gives all rows of the output.
bool is_whole(const AttentionPlan& plan, const Tensor& q_QNH) {
  return plan.size() == 1 && plan[0].queries.length == q_QNH.size(0);
}

// True when the tiles lie side by side: no row of queries or of keys is in two, and none is in none.
bool side_by_side(const AttentionPlan& plan, std::int64_t Q, std::int64_t T) {
  std::int64_t queries = 0, keys = 0;
  for (const Tile& tile : plan) {
    if (tile.queries.begin != queries || tile.keys.begin != keys) return false;
    queries = tile.queries.end();
    keys = tile.keys.end();
  }
  return queries == Q && keys == T;
}

}  // namespace

void attention_forward(const Tensor& q_QNH, const Tensor& k_TMH, const Tensor& v_TMH,
                       const AttentionPlan& plan, Tensor& out_QNH, Tensor& lse_QN) {
  const auto tile_output = [&](const Tile& tile) {
    return tile_forward(rows(q_QNH, tile.queries), rows(k_TMH, tile.keys), rows(v_TMH, tile.keys), tile);
  };
  if (!out_QNH.defined() && is_whole(plan, q_QNH)) {
    const TileOutput whole = tile_output(plan[0]);
    out_QNH = whole.out_qNH.contiguous();
    lse_QN = whole.lse_qN;
    return;
  }
  if (!out_QNH.defined()) {
    out_QNH = at::empty(q_QNH.sizes(), q_QNH.options());
    lse_QN = at::empty({q_QNH.size(0), q_QNH.size(1)}, q_QNH.options().dtype(kernels::opmath_type(q_QNH)));
  }
  if (merges(plan)) {
    out_QNH.zero_();
    lse_QN.fill_(-std::numeric_limits<double>::infinity());
  }
  for (const Tile& tile : plan) {
    const TileOutput part = tile_output(tile);
    Tensor out = rows(out_QNH, tile.queries), lse = rows(lse_QN, tile.queries);
    if (tile.first) {
      out.copy_(part.out_qNH);
      lse.copy_(part.lse_qN);
    } else {
      kernels::merge_attention(out, lse, part.out_qNH, part.lse_qN);
    }
  }
}

namespace {

// What the backward of every tile reads.
struct Backward {
  const Tensor &dout_QNH, &q_QNH, &k_TMH, &v_TMH, &out_QNH, &lse_QN;

  TileGradients of(const Tile& tile) const {
    // cuDNN's cached plan does not know the layout of dout: rows of a contiguous tensor, always.
    TORCH_INTERNAL_ASSERT(dout_QNH.is_contiguous() && out_QNH.is_contiguous());
    return tile_backward(rows(dout_QNH, tile.queries), rows(q_QNH, tile.queries), rows(k_TMH, tile.keys),
                         rows(v_TMH, tile.keys), rows(out_QNH, tile.queries), rows(lse_QN, tile.queries),
                         tile);
  }
};

// Nothing is added up: the rows of each tile are what its call gave, in the type that it gave.
AttentionGradients placed(const Backward& backward, const AttentionPlan& plan, const Tensor& key_value_TKH) {
  AttentionGradients whole;
  for (const Tile& tile : plan) {
    const TileGradients d = backward.of(tile);
    if (is_whole(plan, backward.q_QNH)) whole.query_QNH = d.query_qNH.contiguous();
    if (!whole.query_QNH.defined())
      whole.query_QNH = at::empty(backward.q_QNH.sizes(), d.query_qNH.options());
    if (!whole.key_value_TKH.defined())
      whole.key_value_TKH = at::empty(key_value_TKH.sizes(), d.key_kMH.options());
    if (!is_whole(plan, backward.q_QNH)) rows(whole.query_QNH, tile.queries).copy_(d.query_qNH);
    const auto halves = rows(whole.key_value_TKH, tile.keys).chunk(2, 1);
    Tensor(halves[0]).copy_(d.key_kMH);
    Tensor(halves[1]).copy_(d.value_kMH);
  }
  return whole;
}

}  // namespace

void attention_backward(const Tensor& dout_QNH, const Tensor& q_QNH, const Tensor& k_TMH, const Tensor& v_TMH,
                        const Tensor& out_QNH, const Tensor& lse_QN, const AttentionPlan& plan,
                        Tensor& dq_QNH, Tensor& dk_TMH, Tensor& dv_TMH) {
  const Backward backward{dout_QNH, q_QNH, k_TMH, v_TMH, out_QNH, lse_QN};
  if (merges(plan)) dq_QNH.zero_();
  for (const Tile& tile : plan) {
    const TileGradients d = backward.of(tile);
    Tensor dq = rows(dq_QNH, tile.queries);
    if (tile.first)
      dq.copy_(d.query_qNH);
    else
      dq.add_(d.query_qNH);
    rows(dk_TMH, tile.keys) += d.key_kMH;
    rows(dv_TMH, tile.keys) += d.value_kMH;
  }
}

AttentionGradients attention_gradients(const Tensor& dout_QNH, const Tensor& q_QNH,
                                       const Tensor& key_value_TKH, const Tensor& out_QNH,
                                       const Tensor& lse_QN, const AttentionPlan& plan) {
  const auto halves = key_value_TKH.chunk(2, 1);
  if (side_by_side(plan, q_QNH.size(0), key_value_TKH.size(0)))
    return placed({dout_QNH, q_QNH, halves[0], halves[1], out_QNH, lse_QN}, plan, key_value_TKH);
  AttentionGradients sums{at::empty_like(q_QNH),
                          at::zeros_like(key_value_TKH, kernels::opmath_type(key_value_TKH))};
  const auto sum = sums.key_value_TKH.chunk(2, 1);
  Tensor dkey = sum[0], dvalue = sum[1];
  attention_backward(dout_QNH, q_QNH, halves[0], halves[1], out_QNH, lse_QN, plan, sums.query_QNH, dkey,
                     dvalue);
  return sums;
}

}  // namespace film::model
