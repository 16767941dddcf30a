#include "film/model/activations.h"

#include "film/kernels/kernels.h"

namespace film::model {

SavedActivations least_saved(const Tensor& x_TD, std::int64_t Q) {
  const auto sums = x_TD.options().dtype(kernels::opmath_type(x_TD));
  SavedActivations saved;
  saved.x_TD = x_TD;
  saved.rstd_T = at::empty({x_TD.size(0)}, sums);
  saved.middle_rstd_Q = at::empty({Q}, sums);
  return saved;
}

ActivationBuffers::ActivationBuffers(const engine::ModelConfig& c,
                                     const std::vector<engine::ActivationSet>& saved, std::int64_t rows,
                                     std::int64_t answer_rows, const at::TensorOptions& options)
    : rows_(rows), answer_rows_(answer_rows) {
  const auto sums = options.dtype(kernels::opmath_type(at::empty({0}, options)));
  for (std::size_t l = 0; l < saved.size(); ++l) {
    const std::int64_t Q = l + 1 == saved.size() ? answer_rows : rows;
    SavedActivations layer = least_saved(at::empty({rows, c.hidden_size}, options), Q);
    if (saved[l].projections) {
      layer.query_QNH = at::empty({Q, c.num_attention_heads, c.head_dim}, options);
      layer.key_value_TKH = at::empty({rows, 2 * c.num_key_value_heads, c.head_dim}, options);
    }
    if (saved[l].attention) {
      layer.attention_QNH = at::empty({Q, c.num_attention_heads, c.head_dim}, options);
      layer.lse_QN = at::empty({Q, c.num_attention_heads}, sums);
    }
    if (saved[l].middle) layer.middle_QD = at::empty({Q, c.hidden_size}, options);
    if (saved[l].gate_up) layer.gate_up_QG = at::empty({Q, 2 * c.intermediate_size}, options);
    layers_.push_back(std::move(layer));
  }
}

SavedActivations ActivationBuffers::layer(std::size_t l, std::int64_t T, std::int64_t Q) const {
  const auto first = [](const Tensor& x, std::int64_t n) { return x.defined() ? x.narrow(0, 0, n) : x; };
  const SavedActivations& all = layers_[l];
  return {first(all.x_TD, T),          first(all.rstd_T, T),        first(all.query_QNH, Q),
          first(all.key_value_TKH, T), first(all.attention_QNH, Q), first(all.lse_QN, Q),
          first(all.middle_QD, Q),     first(all.middle_rstd_Q, Q), first(all.gate_up_QG, Q)};
}

SavedActivations ActivationBuffers::layer(std::size_t l, std::int64_t T, std::int64_t Q,
                                          std::int64_t lse_rows, int ranks) const {
  SavedActivations saved = layer(l, T, Q);
  if (!saved.lse_QN.defined()) return saved;
  const Tensor& lse = layers_[l].lse_QN;
  const std::int64_t heads = lse.size(1) / ranks;
  saved.lse_QN = lse.view(-1).narrow(0, 0, lse_rows * heads).view({lse_rows, heads});
  return saved;
}

}  // namespace film::model
