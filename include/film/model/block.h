#pragma once
// One layer: norm, attention, residual, norm, SwiGLU feed-forward, residual. T rows of the pack, Q query rows
// (all T, or only the answer rows in the last layer), D hidden, N query heads, M key heads, H head size.
#include "film/model/activations.h"
#include "film/model/attention.h"
#include "film/model/sequence_part.h"
#include "film/model/tensors.h"

namespace film::model {

// Rotary tables, [T, H/2], in the type of sums.
struct RopeTable {
  Tensor cos_Th, sin_Th;
};
RopeTable rope_table(const std::vector<std::int64_t>& positions, const engine::ModelConfig& config,
                     const at::TensorOptions& options);

// What ranks that compute a sequence together know about each other's rows: those of queries, and all.
struct SharedRows {
  const SequencePart& part;
  RowCounts queries, all;
};

// What one pass knows about its rows.
struct BlockInput {
  const engine::ModelConfig& config;
  const AttentionPlan& plan;
  const RopeTable& rope;
  Tensor query_rows;                   // int64 rows of the pack that are queries; undefined: all
  const RopeTable& query_rope;         // of those rows; `rope` itself when all
  const SharedRows* shared = nullptr;  // rows are this rank's, and attention's plan is of all; null: alone

  std::int64_t query_count(std::int64_t T) const { return query_rows.defined() ? query_rows.size(0) : T; }
};

// Reads saved.x_TD, writes the layer's output and every other defined tensor of `saved`.
void block_forward(const LayerTensors& weights, const BlockInput& input, const SavedActivations& saved,
                   Tensor& out_QD);

// Computes again what `saved` does not hold, from the same inputs by the same operations: the gradients are
// bitwise those of saving everything. dout is consumed. Returns the gradient of x [T, D]; adds the gradients
// of the weights to those tensors of `gradients` that are defined (in the type of sums).
Tensor block_backward(const LayerTensors& weights, const BlockInput& input, const SavedActivations& saved,
                      Tensor dout_QD, LayerTensors& gradients);

// The two halves of a layer's forward, for generation, which stores keys and values in its cache in between.
struct Projected {
  Tensor query_QNH, key_value_TKH;  // rotated; K = 2 M: keys, then values
};
Projected project(const LayerTensors& weights, const BlockInput& input, const Tensor& x_TD);
Tensor finish_block(const LayerTensors& weights, const engine::ModelConfig& config, const Tensor& x_QD,
                    const Tensor& attention_QNH);

// Views of the fused keys and values.
Tensor keys_of(const Tensor& key_value_TKH);
Tensor values_of(const Tensor& key_value_TKH);

}  // namespace film::model
