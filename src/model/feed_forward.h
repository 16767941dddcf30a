#pragma once
// The feed-forward half of a layer: x + down(silu(gate(norm(x))) * up(norm(x))). Rows are independent, so
// both directions run over slices of some rows: only `gate_up`, where it is saved, ever has all rows. The
// down-projection is never computed again.
#include "film/engine/memory_plan.h"
#include "film/model/tensors.h"

namespace film::model {

// Rows of a slice. A GPU reads and writes a whole accumulator of weight gradients for each slice, so it
// takes larger ones.
inline std::int64_t slice_rows(const Tensor& x) {
  return engine::slice_rows(x.is_cuda() ? engine::DeviceKind::gpu : engine::DeviceKind::cpu);
}

// Writes out_QD and rstd_Q, and gate_up_QG where it is defined.
void feed_forward(const LayerTensors& weights, const engine::ModelConfig& config, const Tensor& x_QD,
                  Tensor& rstd_Q, const Tensor& gate_up_QG, Tensor& out_QD);

// dout_QD becomes the gradient of x; adds the gradients of the weights. gate_up_QG undefined: computed again.
void feed_forward_backward(const LayerTensors& weights, const engine::ModelConfig& config, const Tensor& x_QD,
                           const Tensor& rstd_Q, const Tensor& gate_up_QG, Tensor& dout_QD,
                           LayerTensors& gradients);

}  // namespace film::model
