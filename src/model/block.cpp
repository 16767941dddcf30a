#include "film/model/block.h"

#include "feed_forward.h"
#include "film/kernels/kernels.h"
#include "norm.h"

namespace film::model {

using engine::ModelConfig;

Tensor keys_of(const Tensor& key_value_TKH) { return key_value_TKH.chunk(2, 1)[0]; }
Tensor values_of(const Tensor& key_value_TKH) { return key_value_TKH.chunk(2, 1)[1]; }

namespace {

// A tensor of heads as the matrix that products work on.
Tensor flat(const Tensor& x_RNH) { return x_RNH.view({x_RNH.size(0), x_RNH.size(1) * x_RNH.size(2)}); }

Tensor chosen(const Tensor& x_TD, const BlockInput& input) {
  return input.query_rows.defined() ? x_TD.index_select(0, input.query_rows) : x_TD;
}

// New tensors for what is needed and not saved.
void allocate_projections(SavedActivations& s, const BlockInput& in) {
  const ModelConfig& c = in.config;
  const std::int64_t T = s.x_TD.size(0), Q = in.query_count(T);
  s.query_QNH = at::empty({Q, c.num_attention_heads, c.head_dim}, s.x_TD.options());
  s.key_value_TKH = at::empty({T, 2 * c.num_key_value_heads, c.head_dim}, s.x_TD.options());
}

void allocate_middle(SavedActivations& s, const BlockInput& in) {
  s.middle_QD = at::empty({in.query_count(s.x_TD.size(0)), in.config.hidden_size}, s.x_TD.options());
}

// normed -> rotated queries, keys and values, written into s.
void project_normed(const LayerTensors& w, const BlockInput& in, const Tensor& normed_TD,
                    SavedActivations& s) {
  w.query.forward(chosen(normed_TD, in), flat(s.query_QNH));
  w.key_value.forward(normed_TD, flat(s.key_value_TKH));
  kernels::rope(s.query_QNH, in.query_rope.cos_Th, in.query_rope.sin_Th, false);
  kernels::rope(keys_of(s.key_value_TKH), in.rope.cos_Th, in.rope.sin_Th, false);
}

Tensor normed_again(const LayerTensors& w, const SavedActivations& s) {
  Tensor normed = at::empty_like(s.x_TD);
  kernels::rms_norm_recompute(s.x_TD, w.attention_norm_D, s.rstd_T, normed);
  return normed;
}

// The log-sum-exp stays with the heads.
void attend_together(const BlockInput& in, const SharedRows& shared, SavedActivations& s) {
  const Tensor query = to_heads(shared.part, s.query_QNH, shared.queries, 1),
               key_value = to_heads(shared.part, s.key_value_TKH, shared.all, 2);
  Tensor out, lse;
  attention_forward(query, keys_of(key_value), values_of(key_value), in.plan, out, lse);
  const Tensor rows = to_rows(shared.part, out, shared.queries, 1);
  if (!s.attention_QNH.defined()) {
    s.attention_QNH = rows;
    s.lse_QN = lse;
    return;
  }
  s.attention_QNH.copy_(rows);
  s.lse_QN.copy_(lse);
}

void attend(const BlockInput& in, SavedActivations& s) {
  if (in.shared != nullptr) return attend_together(in, *in.shared, s);
  attention_forward(s.query_QNH, keys_of(s.key_value_TKH), values_of(s.key_value_TKH), in.plan,
                    s.attention_QNH, s.lse_QN);
}

void add_attention(const LayerTensors& w, const BlockInput& in, SavedActivations& s) {
  w.output.forward_onto(chosen(s.x_TD, in), flat(s.attention_QNH), s.middle_QD);
}

}  // namespace

Projected project(const LayerTensors& w, const BlockInput& in, const Tensor& x_TD) {
  SavedActivations s = least_saved(x_TD, 0);
  allocate_projections(s, in);
  Tensor normed = at::empty_like(x_TD);
  kernels::rms_norm_forward(x_TD, w.attention_norm_D, in.config.rms_norm_eps, normed, s.rstd_T);
  project_normed(w, in, normed, s);
  return {s.query_QNH, s.key_value_TKH};
}

Tensor finish_block(const LayerTensors& w, const ModelConfig& c, const Tensor& x_QD,
                    const Tensor& attention_QNH) {
  const Tensor middle = at::empty_like(x_QD);
  w.output.forward_onto(x_QD, flat(attention_QNH), middle);
  Tensor out = at::empty_like(middle),
         rstd = at::empty({x_QD.size(0)}, x_QD.options().dtype(kernels::opmath_type(x_QD)));
  feed_forward(w, c, middle, rstd, {}, out);
  return out;
}

void block_forward(const LayerTensors& w, const BlockInput& in, const SavedActivations& saved,
                   Tensor& out_QD) {
  SavedActivations s = saved;
  if (!s.query_QNH.defined()) allocate_projections(s, in);
  {
    Tensor normed = at::empty_like(s.x_TD);
    kernels::rms_norm_forward(s.x_TD, w.attention_norm_D, in.config.rms_norm_eps, normed, s.rstd_T);
    project_normed(w, in, normed, s);
  }
  attend(in, s);
  s.query_QNH = s.key_value_TKH = Tensor();  // temporaries go as soon as they are used up
  if (!s.middle_QD.defined()) allocate_middle(s, in);
  add_attention(w, in, s);
  s.attention_QNH = Tensor();
  feed_forward(w, in.config, s.middle_QD, s.middle_rstd_Q, s.gate_up_QG, out_QD);
}

namespace {

// Gradients of queries, and of keys and values, before rotation, in the type of activations.
struct ProjectionGradient {
  Tensor query_QA, key_value_TK;
};

// Sums of keys' and values' gradients are rounded before they leave their heads.
AttentionGradients gradients_together(const BlockInput& in, const SharedRows& shared,
                                      const SavedActivations& s, const Tensor& dattention_QNH) {
  const auto heads = [&](const Tensor& x_QNH) { return to_heads(shared.part, x_QNH, shared.queries, 1); };
  // One after the other: all ranks exchange in the same order.
  const Tensor dout = heads(dattention_QNH), query = heads(s.query_QNH),
               key_value = to_heads(shared.part, s.key_value_TKH, shared.all, 2),
               out = heads(s.attention_QNH);
  const AttentionGradients d = attention_gradients(dout, query, key_value, out, s.lse_QN, in.plan);
  return {to_rows(shared.part, d.query_QNH, shared.queries, 1),
          to_rows(shared.part, d.key_value_TKH.to(s.x_TD.scalar_type()), shared.all, 2)};
}

ProjectionGradient attention_gradient(const LayerTensors& w, const BlockInput& in, const SavedActivations& s,
                                      const Tensor& dmiddle_QD) {
  const Tensor dattention = w.output.input_gradient(dmiddle_QD).view_as(s.attention_QNH);
  const AttentionGradients d =
      in.shared != nullptr
          ? gradients_together(in, *in.shared, s, dattention)
          : attention_gradients(dattention, s.query_QNH, s.key_value_TKH, s.attention_QNH, s.lse_QN, in.plan);
  kernels::rope(d.query_QNH, in.query_rope.cos_Th, in.query_rope.sin_Th, true);
  kernels::rope(keys_of(d.key_value_TKH), in.rope.cos_Th, in.rope.sin_Th, true);
  return {flat(d.query_QNH), flat(d.key_value_TKH).to(s.x_TD.scalar_type())};
}

// Through the projections and the norm before them; dmiddle becomes the gradient of x.
Tensor projections_backward(const LayerTensors& w, const BlockInput& in, const SavedActivations& s,
                            const ProjectionGradient& d, Tensor dmiddle_QD, LayerTensors& g) {
  Tensor normed = normed_again(w, s);
  g.query.accumulate(d.query_QA, chosen(normed, in));
  g.key_value.accumulate(d.key_value_TK, normed);
  w.key_value.input_gradient(d.key_value_TK, normed);  // from here on the gradient of the normed input
  Tensor dx = dmiddle_QD;
  if (in.query_rows.defined()) {
    normed.index_add_(0, in.query_rows, w.query.input_gradient(d.query_QA));
    dx = at::zeros_like(s.x_TD).index_add_(0, in.query_rows, dmiddle_QD);
  } else {
    w.query.add_input_gradient(d.query_QA, normed);
  }
  norm_backward(normed, s.x_TD, w.attention_norm_D, s.rstd_T, dx, g.attention_norm_D);
  return dx;
}

}  // namespace

Tensor block_backward(const LayerTensors& w, const BlockInput& in, const SavedActivations& saved,
                      Tensor dout_QD, LayerTensors& g) {
  SavedActivations s = saved;
  const auto restore_projections = [&] {
    allocate_projections(s, in);
    project_normed(w, in, normed_again(w, s), s);
  };
  if (!s.attention_QNH.defined()) {
    if (!s.query_QNH.defined()) restore_projections();
    attend(in, s);
  }
  if (!s.middle_QD.defined()) {
    allocate_middle(s, in);
    add_attention(w, in, s);
  }
  feed_forward_backward(w, in.config, s.middle_QD, s.middle_rstd_Q, s.gate_up_QG, dout_QD, g);
  s.middle_QD = s.gate_up_QG = Tensor();

  const Tensor& dmiddle = dout_QD;
  g.output.accumulate(dmiddle, flat(s.attention_QNH));
  if (!s.query_QNH.defined()) restore_projections();
  const ProjectionGradient d = attention_gradient(w, in, s, dmiddle);
  s.query_QNH = s.key_value_TKH = s.attention_QNH = Tensor();
  return projections_backward(w, in, s, d, dmiddle, g);
}

}  // namespace film::model
