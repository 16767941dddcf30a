#include "film/model/block.h"

#include "film/kernels/kernels.h"

namespace film {

// Angles are formed in fp32 from fp32 frequencies, as transformers does: in another precision they would
// differ visibly at position 32,000.
RopeTable rope_table(const std::vector<std::int64_t>& positions, const ModelConfig& config,
                     at::ScalarType type) {
  const Tensor power = at::arange(0, config.head_dim, 2, at::kFloat) / static_cast<double>(config.head_dim);
  const Tensor frequency_h = 1.0 / at::pow(at::Scalar(config.rope_theta), power);
  const Tensor angle_Th = at::outer(at::tensor(positions, at::kLong).to(at::kFloat), frequency_h).to(type);
  return {angle_Th.cos(), angle_Th.sin()};
}

Tensor dense(const Tensor& x_RI, const Tensor& w_OI) { return at::mm(x_RI, w_OI.t()); }

void add_weight_gradient(Tensor& dw_OI, const Tensor& dy_RO, const Tensor& x_RI) {
  dw_OI.addmm_(dy_RO.t(), x_RI);
}

namespace {

Tensor norm(const Tensor& x, const Tensor& w, double eps, Tensor& rstd) {
  Tensor y = at::empty_like(x);
  rstd = at::empty({x.size(0)}, x.options().dtype(kernels::sum_type(x)));
  kernels::rms_norm_forward(x, w, eps, y, rstd);
  return y;
}

Tensor norm_again(const Tensor& x, const Tensor& w, const Tensor& rstd) {
  Tensor y = at::empty_like(x);
  kernels::rms_norm_again(x, w, rstd, y);
  return y;
}

Tensor chosen(const Tensor& x_TD, const BlockInput& input) {
  return input.query_rows.defined() ? x_TD.index_select(0, input.query_rows) : x_TD;
}

}  // namespace

Projected project(const LayerTensors& w, const BlockInput& input, const Tensor& x_TD) {
  const ModelConfig& c = input.config;
  Projected p;
  const Tensor normed = norm(x_TD, w.attention_norm_D, c.rms_norm_eps, p.rstd_T);
  p.query_QNH = dense(chosen(normed, input), w.query_AD).view({-1, c.num_attention_heads, c.head_dim});
  const Tensor both = dense(normed, w.key_value_KD).view({-1, 2 * c.num_key_value_heads, c.head_dim});
  p.key_TMH = both.narrow(1, 0, c.num_key_value_heads);
  p.value_TMH = both.narrow(1, c.num_key_value_heads, c.num_key_value_heads);
  kernels::rope(p.query_QNH, input.query_rope.cos_Th, input.query_rope.sin_Th, false);
  kernels::rope(p.key_TMH, input.rope.cos_Th, input.rope.sin_Th, false);
  return p;
}

Tensor finish_block(const LayerTensors& w, const ModelConfig& c, const Tensor& x_QD,
                    const Tensor& attention_QNH, BlockKept* kept) {
  const Tensor middle = at::addmm(x_QD, attention_QNH.view({-1, c.query_width()}), w.output_DA.t());
  Tensor rstd;
  const Tensor gate_up = dense(norm(middle, w.mlp_norm_D, c.rms_norm_eps, rstd), w.gate_up_GD);
  Tensor product = at::empty({gate_up.size(0), c.intermediate_size}, gate_up.options());
  kernels::swiglu_forward(gate_up, product);
  if (kept != nullptr) {
    kept->middle_QD = middle;
    kept->middle_rstd_Q = rstd;
    kept->gate_up_QG = gate_up;
  }
  return at::addmm(middle, product, w.down_DF.t());
}

Tensor block_forward(const LayerTensors& w, const BlockInput& input, const Tensor& x_TD, BlockKept& kept) {
  const Projected p = project(w, input, x_TD);
  kept.x_TD = x_TD;
  kept.rstd_T = p.rstd_T;
  kept.query_QNH = p.query_QNH;
  kept.key_TMH = p.key_TMH;
  kept.value_TMH = p.value_TMH;
  kept.attention_QNH = at::empty(p.query_QNH.sizes(), p.query_QNH.options());
  kept.lse_QN = at::empty({p.query_QNH.size(0), p.query_QNH.size(1)},
                          p.query_QNH.options().dtype(kernels::sum_type(x_TD)));
  attention_forward(p.query_QNH, p.key_TMH, p.value_TMH, input.plan, kept.attention_QNH, kept.lse_QN);
  return finish_block(w, input.config, chosen(x_TD, input), kept.attention_QNH, &kept);
}

namespace {

// Backward of the feed-forward half; returns the gradient of `middle`.
Tensor feed_forward_backward(const LayerTensors& w, const BlockKept& kept, const Tensor& dout_QD,
                             LayerTensors& g) {
  const std::int64_t F = w.down_DF.size(1);
  Tensor product = at::empty({dout_QD.size(0), F}, dout_QD.options());
  kernels::swiglu_forward(kept.gate_up_QG, product);
  add_weight_gradient(g.down_DF, dout_QD, product);
  Tensor dgate_up = at::empty_like(kept.gate_up_QG);
  kernels::swiglu_backward(at::mm(dout_QD, w.down_DF), kept.gate_up_QG, dgate_up);
  add_weight_gradient(g.gate_up_GD, dgate_up, norm_again(kept.middle_QD, w.mlp_norm_D, kept.middle_rstd_Q));
  Tensor dmiddle = dout_QD.clone();
  kernels::rms_norm_backward(at::mm(dgate_up, w.gate_up_GD), kept.middle_QD, w.mlp_norm_D, kept.middle_rstd_Q,
                             dmiddle, g.mlp_norm_D);
  return dmiddle;
}

}  // namespace

Tensor block_backward(const LayerTensors& w, const BlockInput& input, const BlockKept& kept,
                      const Tensor& dout_QD, LayerTensors& g) {
  const ModelConfig& c = input.config;
  const Tensor dmiddle = feed_forward_backward(w, kept, dout_QD, g);

  add_weight_gradient(g.output_DA, dmiddle, kept.attention_QNH.view({-1, c.query_width()}));
  const Tensor dattention = at::mm(dmiddle, w.output_DA).view_as(kept.attention_QNH);
  Tensor dquery = at::empty_like(kept.query_QNH);
  Tensor dboth = at::zeros({kept.x_TD.size(0), 2 * c.num_key_value_heads, c.head_dim}, dmiddle.options());
  Tensor dkey = dboth.narrow(1, 0, c.num_key_value_heads);
  Tensor dvalue = dboth.narrow(1, c.num_key_value_heads, c.num_key_value_heads);
  attention_backward(dattention, kept.query_QNH, kept.key_TMH, kept.value_TMH, kept.attention_QNH,
                     kept.lse_QN, input.plan, dquery, dkey, dvalue);
  kernels::rope(dquery, input.query_rope.cos_Th, input.query_rope.sin_Th, true);
  kernels::rope(dkey, input.rope.cos_Th, input.rope.sin_Th, true);

  const Tensor normed = norm_again(kept.x_TD, w.attention_norm_D, kept.rstd_T);
  const Tensor dquery_QA = dquery.view({-1, c.query_width()}), dboth_TK = dboth.view({-1, 2 * c.key_width()});
  add_weight_gradient(g.query_AD, dquery_QA, chosen(normed, input));
  add_weight_gradient(g.key_value_KD, dboth_TK, normed);
  Tensor dnormed = at::mm(dboth_TK, w.key_value_KD);
  Tensor dx;
  if (input.query_rows.defined()) {
    dnormed.index_add_(0, input.query_rows, at::mm(dquery_QA, w.query_AD));
    dx = at::zeros_like(kept.x_TD).index_add_(0, input.query_rows, dmiddle);
  } else {
    dnormed.addmm_(dquery_QA, w.query_AD);
    dx = dmiddle;
  }
  kernels::rms_norm_backward(dnormed, kept.x_TD, w.attention_norm_D, kept.rstd_T, dx, g.attention_norm_D);
  return dx;
}

}  // namespace film
