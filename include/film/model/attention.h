#pragma once
// Grouped-query attention over packed sequences, as a list of tiles. A tile is a rectangle of query rows x
// key rows whose mask one fused call knows: everything visible, causal from its first row, or an explicit
// mask. The parts of a row are merged by their log-sum-exp, and merged output and merged log-sum-exp go into
// the backward of every tile (a part's own would be wrong: the softmax runs over all keys).
#include <ATen/ATen.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "film/batches/pack.h"

namespace film {

using at::Tensor;

struct Tile {
  Span queries;         // rows of q
  Span keys;            // rows of k and v
  bool causal = false;  // query i of the tile sees keys 0..i of the tile (lengths are equal)
  Tensor mask;          // [queries, keys], 0 or -inf; undefined: no mask. Every query sees at least one key.
  bool first = true;    // no earlier tile wrote these query rows
};
using AttentionPlan = std::vector<Tile>;

// Tiles for all rows of a pack, `window` keys wide (0 = unlimited). Mask tiles have element type `type`.
AttentionPlan attention_plan(const Pack& pack, std::int64_t window, at::ScalarType type);
// Tiles for queries at pack.loss_rows only: query r of the plan is row pack.loss_rows[r].
AttentionPlan answer_rows_plan(const Pack& pack, std::int64_t window, at::ScalarType type);

// out[q] = softmax(q k^T / sqrt(H)) v over the keys that the plan shows; lse: log of the softmax's
// denominator. q_QNH; k_TMH, v_TMH with N a multiple of M; any strides with contiguous H. out_QNH contiguous,
// lse_QN.
void attention_forward(const Tensor& q_QNH, const Tensor& k_TMH, const Tensor& v_TMH,
                       const AttentionPlan& plan, Tensor& out_QNH, Tensor& lse_QN);

// dq is written; dk, dv (in the type of sums, since many tiles add to them) are added to. dout_QNH
// contiguous.
void attention_backward(const Tensor& dout_QNH, const Tensor& q_QNH, const Tensor& k_TMH, const Tensor& v_TMH,
                        const Tensor& out_QNH, const Tensor& lse_QN, const AttentionPlan& plan,
                        Tensor& dq_QNH, Tensor& dk_TMH, Tensor& dv_TMH);

}  // namespace film
