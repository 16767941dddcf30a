#pragma once
// Grouped-query attention over packed sequences, as a list of tiles. A tile is a rectangle of query rows x
// key rows whose mask one call knows: everything visible, causal from its first row, or an explicit mask. The
// parts of a row are merged by their log-sum-exp, and merged output and merged log-sum-exp go into the
// backward of every tile (a part's own would be wrong: the softmax runs over all keys).
#include <ATen/ATen.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "film/batches/pack.h"

namespace film::model {

using at::Tensor;

struct Tile {
  batches::Span queries;  // rows of q
  batches::Span keys;     // rows of k and v
  bool causal = false;    // query i of the tile sees keys 0..i of the tile (lengths are equal)
  Tensor mask = {};   // [queries, keys], 0 or -inf; undefined: no mask. Every query sees at least one key.
  bool first = true;  // no earlier tile wrote these query rows
  // Sliding window of FlashAttention: query i sees at most `window_left` keys before its own position,
  // queries and keys aligned at the end. -1: unlimited.
  std::int64_t window_left = -1;
  // Lengths of sequences that lie in these rows end to end, each seeing itself alone; empty: one sequence.
  std::vector<std::int64_t> seqlens = {};
  Tensor cu_seqlens = {};  // where they begin, and the end: int32 on the device; only with seqlens

  std::int64_t max_seqlen() const { return *std::max_element(seqlens.begin(), seqlens.end()); }
};
using AttentionPlan = std::vector<Tile>;

// What a plan may be made of: tiles that the CPU's fused call knows (a mask where it does not), or those of
// FlashAttention on a GPU (window_left and seqlens instead of most masks).
enum class TileKinds { cpu, gpu };
inline TileKinds tile_kinds(const at::TensorOptions& options) {
  return options.device().is_cuda() ? TileKinds::gpu : TileKinds::cpu;
}

// Tiles for all rows of a pack, `window` keys wide (0 = unlimited). Masks have type and device of `options`.
AttentionPlan attention_plan(const batches::Pack& pack, std::int64_t window, const at::TensorOptions& options,
                             TileKinds kinds);
// Tiles for queries at pack.loss_rows only: query r of the plan is row pack.loss_rows[r].
AttentionPlan answer_rows_plan(const batches::Pack& pack, std::int64_t window,
                               const at::TensorOptions& options, TileKinds kinds);
// Of the kinds that the device of `options` knows.
inline AttentionPlan attention_plan(const batches::Pack& pack, std::int64_t window,
                                    const at::TensorOptions& options) {
  return attention_plan(pack, window, options, tile_kinds(options));
}
inline AttentionPlan answer_rows_plan(const batches::Pack& pack, std::int64_t window,
                                      const at::TensorOptions& options) {
  return answer_rows_plan(pack, window, options, tile_kinds(options));
}

// out[q] = softmax(q k^T / sqrt(H)) v over the keys that the plan shows; lse: log of the
// softmax's denominator. q_QNH; k_TMH, v_TMH with N a multiple of M; any strides with contiguous
// H. out_QNH contiguous, lse_QN; undefined ones become new tensors, without a copy where one call gives them whole.
void attention_forward(const Tensor& q_QNH, const Tensor& k_TMH, const Tensor& v_TMH,
                       const AttentionPlan& plan, Tensor& out_QNH, Tensor& lse_QN);

// dq is written; dk, dv (in the type of sums, since many tiles add to them) are added
// to. dout_QNH contiguous.
void attention_backward(const Tensor& dout_QNH, const Tensor& q_QNH, const Tensor& k_TMH, const Tensor& v_TMH,
                        const Tensor& out_QNH, const Tensor& lse_QN, const AttentionPlan& plan,
                        Tensor& dq_QNH, Tensor& dk_TMH, Tensor& dv_TMH);

// The same as new tensors, keys and values side by side as they come (K = 2 M). The latter are in the type of sums where
// tiles meet; where none does, they are what each call gave, without being added to anything.
struct AttentionGradients {
  Tensor query_QNH, key_value_TKH;
};
AttentionGradients attention_gradients(const Tensor& dout_QNH, const Tensor& q_QNH,
                                       const Tensor& key_value_TKH, const Tensor& out_QNH,
                                       const Tensor& lse_QN, const AttentionPlan& plan);

}  // namespace film::model
