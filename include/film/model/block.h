#pragma once
// One layer: norm, attention, residual, norm, SwiGLU feed-forward, residual. T rows of the pack, Q query rows
// (all T, or only the answer rows in the last layer), D hidden, N query heads, M key heads, H head size.
#include "film/model/attention.h"
#include "film/model/tensors.h"

namespace film {

// Rotary tables, [T, H/2], in the type of sums.
struct RopeTable {
  Tensor cos_Th, sin_Th;
};
RopeTable rope_table(const std::vector<std::int64_t>& positions, const ModelConfig& config,
                     at::ScalarType type);

// What one pass knows about its rows.
struct BlockInput {
  const ModelConfig& config;
  const AttentionPlan& plan;
  const RopeTable& rope;
  Tensor query_rows;            // int64 rows of the pack that are queries; undefined: all
  const RopeTable& query_rope;  // of those rows; `rope` itself when all
};

// What the backward needs; norms, the attention's input and the feed-forward's product are computed again.
struct BlockKept {
  Tensor x_TD, rstd_T, query_QNH, key_TMH, value_TMH, attention_QNH, lse_QN, middle_QD, middle_rstd_Q,
      gate_up_QG;
};

// Returns the layer's output [Q, D] and fills `kept`.
Tensor block_forward(const LayerTensors& weights, const BlockInput& input, const Tensor& x_TD,
                     BlockKept& kept);

// Returns the gradient of x [T, D]; adds the gradients of the weights to `gradients`.
Tensor block_backward(const LayerTensors& weights, const BlockInput& input, const BlockKept& kept,
                      const Tensor& dout_QD, LayerTensors& gradients);

// The two halves of a layer's forward, for generation too, which stores keys and values in its cache in
// between.
struct Projected {
  Tensor query_QNH, key_TMH, value_TMH, rstd_T;
};
Projected project(const LayerTensors& weights, const BlockInput& input, const Tensor& x_TD);
Tensor finish_block(const LayerTensors& weights, const ModelConfig& config, const Tensor& x_QD,
                    const Tensor& attention_QNH, BlockKept* kept);

// y = x w^T; dw += dy^T x.
Tensor dense(const Tensor& x_RI, const Tensor& w_OI);
void add_weight_gradient(Tensor& dw_OI, const Tensor& dy_RO, const Tensor& x_RI);

}  // namespace film
