#include "film/model/block.h"

#include "film/kernels/kernels.h"
#include "film/model/feed_forward.h"

namespace film::model {

// Angles are formed in fp32 from fp32 frequencies, as transformers does: in another precision they would
// differ visibly at position 32,000.
RopeTable rope_table(const std::vector<std::int64_t>& positions, const engine::ModelConfig& config,
                     const at::TensorOptions& options) {
  const Tensor power = at::arange(0, config.head_dim, 2, at::kFloat) / static_cast<double>(config.head_dim);
  const Tensor frequency_h = 1.0 / at::pow(at::Scalar(config.rope_theta), power);
  const Tensor angle_Th =
      at::outer(at::tensor(positions, at::kLong).to(at::kFloat), frequency_h).to(options.dtype());
  return {angle_Th.cos().to(options.device()), angle_Th.sin().to(options.device())};
}

Tensor keys_of(const Tensor& key_value_TKH) { return key_value_TKH.chunk(2, 1)[0]; }
Tensor values_of(const Tensor& key_value_TKH) { return key_value_TKH.chunk(2, 1)[1]; }

namespace {

// A tensor of heads as the matrix that products work on.
Tensor flat(const Tensor& x_RNH) { return x_RNH.view({x_RNH.size(0), -1}); }

Tensor chosen(const Tensor& x_TD, const BlockInput& input) {
  return input.query_rows.defined() ? x_TD.index_select(0, input.query_rows) : x_TD;
}

// Gives every tensor that is needed and not kept a temporary of its own.
void give_projections(BlockKept& k, const BlockInput& in) {
  const engine::ModelConfig& c = in.config;
  const std::int64_t T = k.x_TD.size(0), Q = in.query_count(T);
  k.query_QNH = at::empty({Q, c.num_attention_heads, c.head_dim}, k.x_TD.options());
  k.key_value_TKH = at::empty({T, 2 * c.num_key_value_heads, c.head_dim}, k.x_TD.options());
}

void give_attention(BlockKept& k) {
  k.attention_QNH = at::empty(k.query_QNH.sizes(), k.query_QNH.options());
  k.lse_QN = at::empty({k.query_QNH.size(0), k.query_QNH.size(1)},
                       k.query_QNH.options().dtype(kernels::sum_type(k.x_TD)));
}

void give_middle(BlockKept& k, const BlockInput& in) {
  k.middle_QD = at::empty({in.query_count(k.x_TD.size(0)), in.config.hidden_size}, k.x_TD.options());
}

// normed -> rotated queries, keys and values, written into k.
void project_normed(const LayerTensors& w, const BlockInput& in, const Tensor& normed_TD, BlockKept& k) {
  Tensor query = flat(k.query_QNH), key_value = flat(k.key_value_TKH);
  at::mm_out(query, chosen(normed_TD, in), w.query_AD.t());
  at::mm_out(key_value, normed_TD, w.key_value_KD.t());
  kernels::rope(k.query_QNH, in.query_rope.cos_Th, in.query_rope.sin_Th, false);
  kernels::rope(keys_of(k.key_value_TKH), in.rope.cos_Th, in.rope.sin_Th, false);
}

Tensor normed_again(const LayerTensors& w, const BlockKept& k) {
  Tensor normed = at::empty_like(k.x_TD);
  kernels::rms_norm_again(k.x_TD, w.attention_norm_D, k.rstd_T, normed);
  return normed;
}

void attend(const BlockInput& in, BlockKept& k) {
  attention_forward(k.query_QNH, keys_of(k.key_value_TKH), values_of(k.key_value_TKH), in.plan,
                    k.attention_QNH, k.lse_QN);
}

void add_attention(const LayerTensors& w, const BlockInput& in, BlockKept& k) {
  at::addmm_out(k.middle_QD, chosen(k.x_TD, in), flat(k.attention_QNH), w.output_DA.t());
}

}  // namespace

Projected project(const LayerTensors& w, const BlockInput& in, const Tensor& x_TD) {
  BlockKept k = least_kept(x_TD, 0);
  give_projections(k, in);
  Tensor normed = at::empty_like(x_TD);
  kernels::rms_norm_forward(x_TD, w.attention_norm_D, in.config.rms_norm_eps, normed, k.rstd_T);
  project_normed(w, in, normed, k);
  return {k.query_QNH, k.key_value_TKH};
}

Tensor finish_block(const LayerTensors& w, const engine::ModelConfig& c, const Tensor& x_QD,
                    const Tensor& attention_QNH) {
  const Tensor middle = at::addmm(x_QD, flat(attention_QNH), w.output_DA.t());
  Tensor out = at::empty_like(middle),
         rstd = at::empty({x_QD.size(0)}, x_QD.options().dtype(kernels::sum_type(x_QD)));
  feed_forward(w, c, middle, rstd, {}, out);
  return out;
}

void block_forward(const LayerTensors& w, const BlockInput& in, const BlockKept& kept, Tensor& out_QD) {
  BlockKept k = kept;
  if (!k.query_QNH.defined()) give_projections(k, in);
  {
    Tensor normed = at::empty_like(k.x_TD);
    kernels::rms_norm_forward(k.x_TD, w.attention_norm_D, in.config.rms_norm_eps, normed, k.rstd_T);
    project_normed(w, in, normed, k);
  }
  if (!k.attention_QNH.defined()) give_attention(k);
  attend(in, k);
  k.query_QNH = k.key_value_TKH = Tensor();  // temporaries go as soon as they are used up
  if (!k.middle_QD.defined()) give_middle(k, in);
  add_attention(w, in, k);
  k.attention_QNH = Tensor();
  feed_forward(w, in.config, k.middle_QD, k.middle_rstd_Q, k.gate_up_QG, out_QD);
}

namespace {

// Gradients of queries, and of keys and values (in the type of sums: many tiles add to them), before
// rotation.
struct AttentionGradient {
  Tensor query_QA, key_value_TK;
};

AttentionGradient attention_gradient(const LayerTensors& w, const BlockInput& in, const BlockKept& k,
                                     const Tensor& dmiddle_QD) {
  const Tensor dattention = at::mm(dmiddle_QD, w.output_DA).view_as(k.attention_QNH);
  Tensor dquery = at::empty_like(k.query_QNH);
  const Tensor dkey_value = at::zeros_like(k.key_value_TKH, kernels::sum_type(k.x_TD));
  Tensor dkey = keys_of(dkey_value), dvalue = values_of(dkey_value);
  attention_backward(dattention, k.query_QNH, keys_of(k.key_value_TKH), values_of(k.key_value_TKH),
                     k.attention_QNH, k.lse_QN, in.plan, dquery, dkey, dvalue);
  kernels::rope(dquery, in.query_rope.cos_Th, in.query_rope.sin_Th, true);
  kernels::rope(dkey, in.rope.cos_Th, in.rope.sin_Th, true);
  return {flat(dquery), flat(dkey_value).to(k.x_TD.scalar_type())};
}

// Through the projections and the norm before them; dmiddle becomes the gradient of x.
Tensor projections_backward(const LayerTensors& w, const BlockInput& in, const BlockKept& k,
                            const AttentionGradient& d, Tensor dmiddle_QD, LayerTensors& g) {
  Tensor normed = normed_again(w, k);
  kernels::add_outer(g.query_AD, d.query_QA, chosen(normed, in));
  kernels::add_outer(g.key_value_KD, d.key_value_TK, normed);
  at::mm_out(normed, d.key_value_TK, w.key_value_KD);  // from here on the gradient of the normed input
  Tensor dx = dmiddle_QD;
  if (in.query_rows.defined()) {
    normed.index_add_(0, in.query_rows, at::mm(d.query_QA, w.query_AD));
    dx = at::zeros_like(k.x_TD).index_add_(0, in.query_rows, dmiddle_QD);
  } else {
    normed.addmm_(d.query_QA, w.query_AD);
  }
  kernels::rms_norm_backward(normed, k.x_TD, w.attention_norm_D, k.rstd_T, dx, g.attention_norm_D);
  return dx;
}

}  // namespace

Tensor block_backward(const LayerTensors& w, const BlockInput& in, const BlockKept& kept, Tensor dout_QD,
                      LayerTensors& g) {
  BlockKept k = kept;
  const auto restore_projections = [&] {
    give_projections(k, in);
    project_normed(w, in, normed_again(w, k), k);
  };
  if (!k.attention_QNH.defined()) {
    if (!k.query_QNH.defined()) restore_projections();
    give_attention(k);
    attend(in, k);
  }
  if (!k.middle_QD.defined()) {
    give_middle(k, in);
    add_attention(w, in, k);
  }
  feed_forward_backward(w, in.config, k.middle_QD, k.middle_rstd_Q, k.gate_up_QG, dout_QD, g);
  k.middle_QD = k.gate_up_QG = Tensor();

  const Tensor& dmiddle = dout_QD;
  kernels::add_outer(g.output_DA, dmiddle, flat(k.attention_QNH));
  if (!k.query_QNH.defined()) restore_projections();
  const AttentionGradient d = attention_gradient(w, in, k, dmiddle);
  k.query_QNH = k.key_value_TKH = k.attention_QNH = Tensor();
  return projections_backward(w, in, k, d, dmiddle, g);
}

}  // namespace film::model
