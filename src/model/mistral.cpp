#include "film/model/mistral.h"

#include <optional>

#include "film/kernels/kernels.h"
#include "norm.h"

namespace film::model {
namespace {

using batches::Pack;
using engine::ModelConfig;
using text::TokenIds;

Tensor numbers(const std::vector<std::int64_t>& list, const at::Device& device) {
  return at::tensor(list, at::kLong).to(device);
}

Tensor id_tensor(const TokenIds& ids, const at::Device& device) {
  return numbers({ids.begin(), ids.end()}, device);
}

// The rows, plans and rotary tables of one pass over one pack, where the weights are.
struct Pass {
  Pass(const ModelConfig& c, const Pack& pack, const Tensor& weight, bool answer_rows)
      : plan(attention_plan(pack, c.sliding_window, weight.options())),
        rope(rope_table(pack.positions, c, weight.options().dtype(kernels::opmath_type(weight)))),
        loss_rows(numbers(pack.loss_rows, weight.device())) {
    if (!answer_rows) return;
    last_plan = answer_rows_plan(pack, c.sliding_window, weight.options());
    last_rope = {rope.cos_Th.index_select(0, loss_rows), rope.sin_Th.index_select(0, loss_rows)};
  }

  BlockInput input(const ModelConfig& c, bool last) const {
    if (last && last_rope.cos_Th.defined()) return {c, last_plan, rope, loss_rows, last_rope};
    return {c, plan, rope, {}, rope};
  }

  AttentionPlan plan, last_plan;
  RopeTable rope, last_rope;
  Tensor loss_rows;
};

// Final norm and head over the rows of x in chunks: losses, and with gradients the gradient of x.
struct HeadPass {
  const ModelConfig& config;
  const ModelTensors& weights;
  ModelTensors* gradients;

  Tensor run(const Tensor& x_RD, const Tensor& targets_R, const Tensor& weights_R, PackResult& result) const {
    const std::int64_t R = x_RD.size(0);
    const auto sums = x_RD.options().dtype(kernels::opmath_type(x_RD));
    Tensor normed = at::empty_like(x_RD), rstd = at::empty({R}, sums),
           dnormed = gradients == nullptr ? Tensor() : at::empty_like(x_RD);
    kernels::rms_norm_forward(x_RD, weights.norm_D, config.rms_norm_eps, normed, rstd);
    Tensor loss = at::empty({R}, sums), correct = at::empty({R}, x_RD.options().dtype(at::kByte));
    const std::int64_t chunk =
        std::max<std::int64_t>(1, engine::kLogitBytes / (config.vocab_size * x_RD.element_size()));
    for (std::int64_t at = 0; at < R; at += chunk) {
      const std::int64_t n = std::min(chunk, R - at);
      const Tensor h = normed.narrow(0, at, n);
      Tensor logits = weights.head.forward(h), part = loss.narrow(0, at, n), hits = correct.narrow(0, at, n);
      kernels::cross_entropy(logits, targets_R.narrow(0, at, n), weights_R.narrow(0, at, n), part, hits);
      if (gradients == nullptr) continue;
      dnormed.narrow(0, at, n).copy_(weights.head.input_gradient(logits));
      gradients->head.accumulate(logits, h);
    }
    result.loss = (loss * weights_R).sum(at::kDouble).item<double>();
    const Tensor losses = loss.to(at::kDouble).cpu(), hits = correct.cpu();
    result.row_loss.assign(losses.const_data_ptr<double>(), losses.const_data_ptr<double>() + R);
    result.row_correct.assign(hits.const_data_ptr<std::uint8_t>(), hits.const_data_ptr<std::uint8_t>() + R);
    if (gradients == nullptr) return {};
    Tensor dx = at::zeros_like(x_RD);
    norm_backward(dnormed, x_RD, weights.norm_D, rstd, dx, gradients->norm_D);
    return dx;
  }
};

}  // namespace

Tensor head_logits(const ModelConfig& config, const ModelTensors& weights, const Tensor& x_RD) {
  Tensor normed = at::empty_like(x_RD),
         rstd = at::empty({x_RD.size(0)}, x_RD.options().dtype(kernels::opmath_type(x_RD)));
  kernels::rms_norm_forward(x_RD, weights.norm_D, config.rms_norm_eps, normed, rstd);
  return weights.head.forward(normed);
}

namespace {

// x through all layers; every layer's input is in its own slot of `buffers`. Returns the last layer's output.
Tensor forward_saved(const ModelConfig& c, const ModelTensors& w, const Pass& pass, const Tensor& ids,
                     const ActivationBuffers& buffers) {
  const std::size_t layers = w.layers.size();
  const std::int64_t T = ids.size(0);
  Tensor out;
  for (std::size_t l = 0; l < layers; ++l) {
    const BlockInput input = pass.input(c, l + 1 == layers);
    const SavedActivations saved = buffers.layer(l, T, input.query_count(T));
    Tensor x = saved.x_TD;
    if (l == 0) at::index_select_out(x, w.embedding_VD, 0, ids);
    out = l + 1 < layers ? buffers.input(l + 1, T)
                         : at::empty({input.query_count(T), c.hidden_size}, x.options());
    block_forward(w.layers[l], input, saved, out);
  }
  return out;
}

// The same with nothing saved.
Tensor forward_only(const ModelConfig& c, const ModelTensors& w, const Pass& pass, const Tensor& ids) {
  Tensor x = w.embedding_VD.index_select(0, ids);
  for (std::size_t l = 0; l < w.layers.size(); ++l) {
    const BlockInput input = pass.input(c, l + 1 == w.layers.size());
    const std::int64_t Q = input.query_count(x.size(0));
    Tensor out = at::empty({Q, c.hidden_size}, x.options());
    block_forward(w.layers[l], input, least_saved(x, Q), out);
    x = out;
  }
  return x;
}

}  // namespace

PackResult run_pack(const ModelConfig& config, const ModelTensors& weights, const Pack& pack,
                    ModelTensors* gradients, const PassOptions& options) {
  PackResult result;
  if (pack.loss_rows.empty()) return result;  // nothing to learn from: no gradient, no NaN
  const Tensor& embedding = weights.embedding_VD;
  const Pass pass(config, pack, embedding, options.answer_rows_only);
  const std::size_t layers = weights.layers.size();
  const Tensor ids = id_tensor(pack.ids, embedding.device());
  std::optional<ActivationBuffers> own;
  ActivationBuffers* buffers = options.activations;
  if (gradients != nullptr && buffers == nullptr) {
    const std::int64_t last = options.answer_rows_only ? pass.loss_rows.size(0) : pack.rows();
    buffers = &own.emplace(config, std::vector<engine::ActivationSet>(layers), pack.rows(), last,
                           embedding.options());
  }

  // Forward.
  const Tensor x = gradients == nullptr ? forward_only(config, weights, pass, ids)
                                        : forward_saved(config, weights, pass, ids, *buffers);

  // Loss on the answer rows, and its gradient.
  const Tensor rows = options.answer_rows_only ? x : x.index_select(0, pass.loss_rows);
  const Tensor row_weights =
      at::tensor(pack.weights, at::kDouble).to(kernels::opmath_type(embedding)).to(embedding.device());
  const Tensor drows = HeadPass{config, weights, gradients}.run(
      rows, id_tensor(pack.targets, embedding.device()), row_weights, result);
  if (gradients == nullptr) return result;

  // Backward, layer by layer in reverse.
  Tensor dx = options.answer_rows_only ? drows : at::zeros_like(x).index_add_(0, pass.loss_rows, drows);
  for (std::size_t l = layers; l-- > 0;) {
    const BlockInput input = pass.input(config, l + 1 == layers);
    const SavedActivations saved = buffers->layer(l, pack.rows(), input.query_count(pack.rows()));
    dx = block_backward(weights.layers[l], input, saved, dx, gradients->layers[l]);
    if (options.layer_done) options.layer_done(l);
  }
  if (gradients->embedding_VD.defined()) kernels::embedding_backward(dx, ids, gradients->embedding_VD);
  return result;
}

Tensor all_logits(const ModelConfig& config, const ModelTensors& weights, const Pack& pack) {
  const Tensor& embedding = weights.embedding_VD;
  const Pass pass(config, pack, embedding, false);
  return head_logits(config, weights,
                     forward_only(config, weights, pass, id_tensor(pack.ids, embedding.device())));
}

}  // namespace film::model
