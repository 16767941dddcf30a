#include "film/model/mistral.h"

#include <optional>

#include "film/kernels/kernels.h"
#include "norm.h"
#include "pass.h"

namespace film::model {
namespace {

using batches::Pack;
using engine::ModelConfig;

PackResult result_of(const Tensor& loss_R, const Tensor& weights_R, const Tensor& correct_R) {
  PackResult result;
  result.loss = (loss_R * weights_R).sum(at::kDouble).item<double>();
  const Tensor losses = loss_R.to(at::kDouble).cpu(), hits = correct_R.cpu();
  const std::int64_t R = losses.numel();
  result.row_loss.assign(losses.const_data_ptr<double>(), losses.const_data_ptr<double>() + R);
  result.row_correct.assign(hits.const_data_ptr<std::uint8_t>(), hits.const_data_ptr<std::uint8_t>() + R);
  return result;
}

// Loss and hits of some of the pack's loss rows become those of all. Every number comes from one rank, and losses are
// added in the order of ranks: the same bits whatever exchanges them.
PackResult together(const SharedRows& shared, PackResult own, const at::Device& device) {
  std::vector<double> numbers{own.loss};
  numbers.insert(numbers.end(), own.row_correct.begin(), own.row_correct.end());
  RowCounts counts = shared.queries;
  for (std::int64_t& count : counts) ++count;
  const std::vector<double> all = numbers_of_all(shared.part, numbers, counts, device);
  own.loss = 0;
  own.row_correct.clear();
  auto next = all.begin();
  for (const std::int64_t rows : shared.queries) {
    own.loss += *next++;
    for (std::int64_t row = 0; row < rows; ++row) own.row_correct.push_back(*next++ > 0 ? 1 : 0);
  }
  return own;
}

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
    result = result_of(loss, weights_R, correct);
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

using Hook = std::function<void(std::size_t)>;
void call(const Hook& hook, std::size_t layer) {
  if (hook) hook(layer);
}

// x through all layers; every layer's input is in its own slot of `buffers`. Returns the last layer's output.
Tensor forward_saved(const ModelConfig& c, const ModelTensors& w, const Pass& pass,
                     const ActivationBuffers& buffers, const Hook& before) {
  const std::size_t layers = w.layers.size();
  const std::int64_t T = pass.ids.size(0);
  Tensor out;
  for (std::size_t l = 0; l < layers; ++l) {
    const BlockInput input = pass.input(c, l + 1 == layers);
    const SavedActivations saved = pass.saved(buffers, l, input);
    Tensor x = saved.x_TD;
    call(before, l);
    if (l == 0) at::index_select_out(x, w.embedding_VD, 0, pass.ids);
    out = l + 1 < layers ? buffers.input(l + 1, T)
                         : at::empty({input.query_count(T), c.hidden_size}, x.options());
    block_forward(w.layers[l], input, saved, out);
  }
  return out;
}

// The same with nothing saved.
Tensor forward_only(const ModelConfig& c, const ModelTensors& w, const Pass& pass) {
  Tensor x = w.embedding_VD.index_select(0, pass.ids);
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
  const std::size_t layers = weights.layers.size();
  if (pack.loss_rows.empty()) {  // nothing to learn from: no gradient, no NaN
    idle_pass(layers, options);
    return result;
  }
  const Tensor& embedding = weights.embedding_VD;
  const Pass pass(config, pack, embedding, options);
  std::optional<ActivationBuffers> own;
  ActivationBuffers* buffers = options.activations;
  if (gradients != nullptr && buffers == nullptr) {
    // The log-sum-exp of all answer rows in some of the heads may take more than that of this rank's in all.
    const std::int64_t last = options.answer_rows_only ? static_cast<std::int64_t>(pack.loss_rows.size())
                                                       : pack.rows(),
                       most = engine::most_rows(pack.rows(),
                                                options.sequence == nullptr ? 1 : options.sequence->ranks);
    buffers =
        &own.emplace(config, std::vector<engine::ActivationSet>(layers), most, last, embedding.options());
  }

  // Forward.
  const Tensor x = gradients == nullptr
                       ? forward_only(config, weights, pass)
                       : forward_saved(config, weights, pass, *buffers, options.before_forward);

  // Loss on the answer rows, and its gradient.
  const Tensor rows = options.answer_rows_only ? x : x.index_select(0, pass.loss_rows);
  const batches::Span& answers = pass.rows.answers;
  const Tensor drows = HeadPass{config, weights, gradients}.run(
      rows, ids_on(embedding, pack.targets, answers), numbers_on(embedding, pack.weights, answers), result);
  if (pass.rows.last_shared) result = together(*pass.rows.last_shared, result, embedding.device());
  if (gradients == nullptr) return result;

  // Backward, layer by layer in reverse.
  Tensor dx = options.answer_rows_only ? drows : at::zeros_like(x).index_add_(0, pass.loss_rows, drows);
  for (std::size_t l = layers; l-- > 0;) {
    const BlockInput input = pass.input(config, l + 1 == layers);
    const SavedActivations saved = pass.saved(*buffers, l, input);
    call(options.before_backward, l);
    dx = block_backward(weights.layers[l], input, saved, dx, gradients->layers[l]);
    call(options.layer_done, l);
  }
  if (gradients->embedding_VD.defined()) kernels::embedding_backward(dx, pass.ids, gradients->embedding_VD);
  return result;
}

void idle_pass(std::size_t layers, const PassOptions& options) {
  for (std::size_t l = 0; l < layers; ++l) call(options.before_forward, l);
  for (std::size_t l = layers; l-- > 0;) {
    call(options.before_backward, l);
    call(options.layer_done, l);
  }
}

Tensor all_logits(const ModelConfig& config, const ModelTensors& weights, const Pack& pack) {
  const Tensor& embedding = weights.embedding_VD;
  const Pass pass(config, pack, embedding, {.answer_rows_only = false});
  return head_logits(config, weights, forward_only(config, weights, pass));
}

}  // namespace film::model
