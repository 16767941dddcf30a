// Attention with its scores in memory, in the type of sums, on any device: for tiles with a mask and for
// elements that no fused call takes. Never for whole contexts: kUnfusedCells.
#include <cmath>
#include <limits>

#include "attention_tiles.h"
#include "film/kernels/kernels.h"

namespace film::model {
namespace {

// [rows, M * G, H] as [M, G * rows, H], in the type of sums: the queries of one key head side by side.
Tensor by_key_head(const Tensor& x_RNH, std::int64_t M) {
  const std::int64_t R = x_RNH.size(0), G = x_RNH.size(1) / M, H = x_RNH.size(2);
  return x_RNH.to(kernels::opmath_type(x_RNH))
      .reshape({R, M, G, H})
      .permute({1, 2, 0, 3})
      .reshape({M, G * R, H});
}

Tensor rows_again(const Tensor& x_MxH, std::int64_t R) {
  const std::int64_t M = x_MxH.size(0), G = x_MxH.size(1) / R, H = x_MxH.size(2);
  return x_MxH.view({M, G, R, H}).permute({2, 0, 1, 3}).reshape({R, M * G, H});
}

// [R, M * G] as [M, G * R, 1], and back.
Tensor column(const Tensor& x_RN, std::int64_t M) { return by_key_head(x_RN.unsqueeze(2), M); }

// True where a query does not see a key, [q, k]; undefined where all see all.
Tensor hidden(const Tile& tile, const at::Device& device) {
  const std::int64_t Q = tile.queries.length, K = tile.keys.length;
  const auto numbers = at::device(device).dtype(at::kLong);
  const Tensor query = at::arange(Q, numbers).unsqueeze(1), key = at::arange(K, numbers).unsqueeze(0);
  Tensor hides;
  const auto also = [&](const Tensor& more) { hides = hides.defined() ? hides.logical_or(more) : more; };
  if (tile.causal) also(key > query);
  if (tile.window_left >= 0) also(key < query + (K - Q - tile.window_left));
  if (!tile.seqlens.empty()) {
    std::vector<std::int64_t> sequence_of_row;
    for (std::size_t i = 0; i < tile.seqlens.size(); ++i)
      sequence_of_row.insert(sequence_of_row.end(), static_cast<std::size_t>(tile.seqlens[i]),
                             static_cast<std::int64_t>(i));
    const Tensor sequence = at::tensor(sequence_of_row, at::kLong).to(device);
    also(sequence.unsqueeze(1) != sequence.unsqueeze(0));
  }
  return hides;
}

// Scaled scores [M, G * q, k], -inf where hidden.
Tensor scores(const Tensor& q_qNH, const Tensor& k_kMH, const Tile& tile) {
  const std::int64_t N = q_qNH.size(1), M = k_kMH.size(1), Q = q_qNH.size(0), K = k_kMH.size(0);
  TORCH_CHECK(N * Q * K <= kUnfusedCells, "attention of ", Q, " x ", K, " rows in ", q_qNH.scalar_type(),
              " would need ", N * Q * K * 4 >> 20, " MiB of scores: use bfloat16, or shorter sequences");
  const double scale = 1 / std::sqrt(static_cast<double>(q_qNH.size(2)));
  Tensor s = at::bmm(by_key_head(q_qNH, M), by_key_head(k_kMH, M).transpose(1, 2)).mul_(scale);
  Tensor cells = s.view({M, N / M, Q, K});
  if (tile.mask.defined()) cells.add_(tile.mask.to(s.scalar_type()));
  if (const Tensor hides = hidden(tile, s.device()); hides.defined())
    cells.masked_fill_(hides, -std::numeric_limits<double>::infinity());
  return s;
}

}  // namespace

TileOutput unfused_forward(const Tensor& q, const Tensor& k, const Tensor& v, const Tile& tile) {
  const std::int64_t Q = q.size(0), M = k.size(1);
  Tensor s = scores(q, k, tile);
  const Tensor lse = s.logsumexp(-1, /*keepdim=*/true);
  const Tensor out = at::bmm(s.sub_(lse).exp_(), by_key_head(v, M));
  return {rows_again(out, Q).to(q.scalar_type()), rows_again(lse, Q).squeeze(2)};
}

// p = exp(s - lse) are shares of the whole softmax; ds = p * (dout v^T - sum of dout * out).
TileGradients unfused_backward(const Tensor& dout, const Tensor& q, const Tensor& k, const Tensor& v,
                               const Tensor& out, const Tensor& lse, const Tile& tile) {
  const std::int64_t Q = q.size(0), K = k.size(0), M = k.size(1);
  const auto sums = kernels::opmath_type(q);
  const double scale = 1 / std::sqrt(static_cast<double>(q.size(2)));
  const Tensor p = scores(q, k, tile).sub_(column(lse, M)).exp_();
  const Tensor dout_MxH = by_key_head(dout, M);
  const Tensor dv = at::bmm(p.transpose(1, 2), dout_MxH);
  const Tensor delta = column((dout.to(sums) * out.to(sums)).sum(-1), M);
  const Tensor ds = at::bmm(dout_MxH, by_key_head(v, M).transpose(1, 2)).sub_(delta).mul_(p).mul_(scale);
  return {rows_again(at::bmm(ds, by_key_head(k, M)), Q).to(q.scalar_type()),
          rows_again(at::bmm(ds.transpose(1, 2), by_key_head(q, M)), K), rows_again(dv, K)};
}

}  // namespace film::model
