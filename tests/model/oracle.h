#pragma once
// A plain model for tests: one sequence, one explicit mask, ATen operations that autograd knows. It shares no
// code with the engine but the names of the tensors.
#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <cmath>

#include "film/model/mistral.h"

namespace film::oracle {

using at::Tensor;

inline Tensor norm(const Tensor& x, const Tensor& w, double eps) {
  return x * (x.pow(2).mean(-1, true) + eps).rsqrt() * w;
}

inline Tensor rotate(const Tensor& x_TNH, const std::vector<std::int64_t>& positions, double base) {
  const std::int64_t H = x_TNH.size(2);
  const Tensor power = at::arange(0, H, 2, at::kFloat) / static_cast<double>(H);
  const Tensor frequency = 1.0 / at::pow(at::full({}, base, at::kFloat), power);
  const Tensor angle = at::tensor(positions, at::kLong).to(at::kFloat).unsqueeze(1) * frequency.unsqueeze(0);
  const Tensor both = at::cat({angle, angle}, 1).unsqueeze(1).to(x_TNH.scalar_type());
  const auto halves = x_TNH.split(H / 2, 2);
  return x_TNH * both.cos() + at::cat({-halves[1], halves[0]}, 2) * both.sin();
}

// visible[i][j]: row i sees row j, from the definition: same group, j in the context or in i's own
// continuation, not later, within the window.
inline Tensor visible(const batches::Pack& pack, std::int64_t window) {
  const std::int64_t T = pack.rows();
  Tensor mask = at::zeros({T, T}, at::kBool);
  // (group, continuation); continuation -1 is the context. Pad rows are (-1, -1): what they see
  // must not matter.
  const auto part_of = [&](std::int64_t row) {
    for (std::size_t g = 0; g < pack.groups.size(); ++g) {
      const batches::Group& group = pack.groups[g];
      if (row >= group.end()) continue;
      if (row < group.context.end()) return std::pair<int, int>(static_cast<int>(g), -1);
      for (std::size_t p = 0; p < group.continuations.size(); ++p)
        if (row >= group.continuations[p].begin && row < group.continuations[p].end())
          return std::pair<int, int>(static_cast<int>(g), static_cast<int>(p));
      break;
    }
    return std::pair<int, int>(-1, -1);
  };
  for (std::int64_t i = 0; i < T; ++i)
    for (std::int64_t j = 0; j <= i; ++j) {
      const auto a = part_of(i), b = part_of(j);
      const auto distance =
          pack.positions[static_cast<std::size_t>(i)] - pack.positions[static_cast<std::size_t>(j)];
      if (a.first == b.first && (b.second == -1 || b.second == a.second) &&
          (window == 0 || distance < window))
        mask[i][j] = true;
    }
  return mask;
}

inline Tensor logits(const engine::ModelConfig& c, const model::ModelTensors& w, const batches::Pack& pack) {
  const std::vector<std::int64_t> ids(pack.ids.begin(), pack.ids.end());
  Tensor x = w.embedding_VD.index_select(0, at::tensor(ids, at::kLong));
  const std::int64_t M = c.num_key_value_heads, N = c.num_attention_heads, H = c.head_dim,
                     F = c.intermediate_size;
  const Tensor hidden = visible(pack, c.sliding_window).logical_not();
  for (const model::LayerTensors& layer : w.layers) {
    const Tensor n = norm(x, layer.attention_norm_D, c.rms_norm_eps);
    const Tensor q =
        rotate(at::matmul(n, layer.query.weight_OI.t()).view({-1, N, H}), pack.positions, c.rope_theta);
    const Tensor kv = at::matmul(n, layer.key_value.weight_OI.t()).view({-1, 2 * M, H});
    const Tensor k = rotate(kv.narrow(1, 0, M), pack.positions, c.rope_theta).repeat_interleave(N / M, 1);
    const Tensor v = kv.narrow(1, M, M).repeat_interleave(N / M, 1);
    const Tensor scores = at::einsum("qnh,knh->nqk", {q, k}) / std::sqrt(static_cast<double>(H));
    const Tensor p = scores.masked_fill(hidden.unsqueeze(0), -INFINITY).softmax(-1);
    x = x + at::matmul(at::einsum("nqk,knh->qnh", {p, v}).reshape({-1, N * H}), layer.output.weight_OI.t());
    const Tensor gate_up = at::matmul(norm(x, layer.mlp_norm_D, c.rms_norm_eps), layer.gate_up.weight_OI.t());
    x = x + at::matmul(at::silu(gate_up.narrow(1, 0, F)) * gate_up.narrow(1, F, F), layer.down.weight_OI.t());
  }
  return at::matmul(norm(x, w.norm_D, c.rms_norm_eps), w.head.weight_OI.t());
}

inline Tensor loss(const engine::ModelConfig& c, const model::ModelTensors& w, const batches::Pack& pack) {
  const Tensor log_p =
      logits(c, w, pack).index_select(0, at::tensor(pack.loss_rows, at::kLong)).log_softmax(-1);
  const std::vector<std::int64_t> targets(pack.targets.begin(), pack.targets.end());
  const Tensor picked = log_p.gather(1, at::tensor(targets, at::kLong).unsqueeze(1)).squeeze(1);
  return -(picked * at::tensor(pack.weights, at::kDouble).to(picked.scalar_type())).sum();
}

}  // namespace film::oracle
