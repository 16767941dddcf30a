#include "film/model/activations.h"

#include <limits>

#include "film/kernels/kernels.h"

namespace film::model {

BlockKept least_kept(const Tensor& x_TD, std::int64_t Q) {
  const auto sums = x_TD.options().dtype(kernels::sum_type(x_TD));
  BlockKept kept;
  kept.x_TD = x_TD;
  kept.rstd_T = at::empty({x_TD.size(0)}, sums);
  kept.middle_rstd_Q = at::empty({Q}, sums);
  return kept;
}

Activations::Activations(const engine::ModelConfig& c, const std::vector<engine::LayerKeep>& keep,
                         std::int64_t rows, std::int64_t answer_rows, const at::TensorOptions& options)
    : rows_(rows), answer_rows_(answer_rows) {
  const auto sums = options.dtype(kernels::sum_type(at::empty({0}, options)));
  for (std::size_t l = 0; l < keep.size(); ++l) {
    const std::int64_t Q = l + 1 == keep.size() ? answer_rows : rows;
    BlockKept layer = least_kept(at::empty({rows, c.hidden_size}, options), Q);
    if (keep[l].projections) {
      layer.query_QNH = at::empty({Q, c.num_attention_heads, c.head_dim}, options);
      layer.key_value_TKH = at::empty({rows, 2 * c.num_key_value_heads, c.head_dim}, options);
    }
    if (keep[l].attention) {
      layer.attention_QNH = at::empty({Q, c.num_attention_heads, c.head_dim}, options);
      layer.lse_QN = at::empty({Q, c.num_attention_heads}, sums);
    }
    if (keep[l].middle) layer.middle_QD = at::empty({Q, c.hidden_size}, options);
    if (keep[l].gate_up) layer.gate_up_QG = at::empty({Q, 2 * c.intermediate_size}, options);
    layers_.push_back(std::move(layer));
  }
}

BlockKept Activations::layer(std::size_t l, std::int64_t T, std::int64_t Q) const {
  const auto first = [](const Tensor& x, std::int64_t n) { return x.defined() ? x.narrow(0, 0, n) : x; };
  const BlockKept& all = layers_[l];
  return {first(all.x_TD, T),          first(all.rstd_T, T),        first(all.query_QNH, Q),
          first(all.key_value_TKH, T), first(all.attention_QNH, Q), first(all.lse_QN, Q),
          first(all.middle_QD, Q),     first(all.middle_rstd_Q, Q), first(all.gate_up_QG, Q)};
}

void Activations::poison(std::size_t l) {
  BlockKept& k = layers_[l];
  for (Tensor* x : {&k.x_TD, &k.rstd_T, &k.query_QNH, &k.key_value_TKH, &k.attention_QNH, &k.lse_QN,
                    &k.middle_QD, &k.middle_rstd_Q, &k.gate_up_QG})
    if (x->defined()) x->fill_(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace film::model
