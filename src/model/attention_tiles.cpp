#include "attention_tiles.h"

#include <cmath>
#include <optional>
#include <tuple>

#include "film/batches/plan_packs.h"
#include "film/engine/plan_device.h"
#include "film/kernels/attention.h"
#include "film/kernels/device.h"

namespace film::model {
namespace {

double scale_of(const Tensor& q_qNH) { return 1 / std::sqrt(static_cast<double>(q_qNH.size(2))); }

// [rows, N, H] as the [1, N, rows, H] that fused calls want: the strides of a batch, which cuDNN sees from all its
// callers. No copy.
Tensor heads_first(const Tensor& x_RNH) { return x_RNH.unsqueeze(0).transpose(1, 2); }
Tensor rows_first(const Tensor& x_1NRH) { return x_1NRH.squeeze(0).transpose(0, 1); }
// [rows, N] as [1, N, rows], contiguous.
Tensor lse_heads_first(const Tensor& lse_RN) { return lse_RN.t().contiguous().unsqueeze(0); }

std::optional<Tensor> mask_of(const Tile& tile) {
  if (!tile.mask.defined()) return std::nullopt;
  return tile.mask.unsqueeze(0).unsqueeze(0);
}

TileOutput cpu_forward(const Tensor& q, const Tensor& k, const Tensor& v, const Tile& tile) {
  const auto [out, lse] = at::_scaled_dot_product_flash_attention_for_cpu(
      heads_first(q), heads_first(k), heads_first(v), 0.0, tile.causal, mask_of(tile), scale_of(q));
  return {rows_first(out), lse.squeeze(0).transpose(0, 1)};
}

TileGradients cpu_backward(const Tensor& dout, const Tensor& q, const Tensor& k, const Tensor& v,
                           const Tensor& out, const Tensor& lse, const Tile& tile) {
  const auto [dq, dk, dv] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
      heads_first(dout), heads_first(q), heads_first(k), heads_first(v), heads_first(out),
      lse_heads_first(lse), 0.0, tile.causal, mask_of(tile), scale_of(q));
  return {rows_first(dq), rows_first(dk), rows_first(dv)};
}

// In fp32 over copies. In bf16 Torch's backward calls oneDNN, which makes kernels for every length and keeps them: 7 MiB for
// each, without end. (Its forward does not, and is fast where the processor has AMX.)
TileGradients cpu_backward_bf16(const Tensor& dout, const Tensor& q, const Tensor& k, const Tensor& v,
                                const Tensor& out, const Tensor& lse, Tile tile) {
  const auto wide = [](const Tensor& x) { return x.to(at::kFloat); };
  if (tile.mask.defined()) tile.mask = wide(tile.mask);
  const TileGradients gradients = tile_backward(wide(dout), wide(q), wide(k), wide(v), wide(out), lse, tile);
  return {gradients.query_qNH.to(at::kBFloat16), gradients.key_kMH.to(at::kBFloat16),
          gradients.value_kMH.to(at::kBFloat16)};
}

// Torch's ops give and take the log-sum-exp as [1, N, rows] in some versions and [1, N, rows, 1] in others;
// the backward wants what the forward gave.
std::int64_t cudnn_lse_dimensions = 3;

TileOutput cudnn_forward(const Tensor& q, const Tensor& k, const Tensor& v, const Tile& tile) {
  const auto result = at::_scaled_dot_product_cudnn_attention(
      heads_first(q), heads_first(k), heads_first(v), std::nullopt, /*compute_log_sumexp=*/true, 0.0,
      tile.causal, /*return_debug_mask=*/false, scale_of(q));
  const Tensor& lse = std::get<1>(result);
  cudnn_lse_dimensions = lse.dim();
  return {rows_first(std::get<0>(result)), lse.reshape({q.size(1), q.size(0)}).t()};
}

// The cached plan does not know the layout of dout and out: both are always rows of contiguous tensors.
TileGradients cudnn_backward(const Tensor& dout, const Tensor& q, const Tensor& k, const Tensor& v,
                             const Tensor& out, const Tensor& lse, const Tile& tile) {
  const Tensor none, seed = at::zeros({}, q.options().dtype(at::kLong));
  const Tensor lse_1NQ = lse_heads_first(lse);
  const auto [dq, dk, dv] = at::_scaled_dot_product_cudnn_attention_backward(
      heads_first(dout), heads_first(q), heads_first(k), heads_first(v), heads_first(out),
      cudnn_lse_dimensions == 4 ? lse_1NQ.unsqueeze(3) : lse_1NQ, seed, seed, none, none, none, q.size(0),
      k.size(0), 0.0, tile.causal, scale_of(q));
  return {rows_first(dq), rows_first(dk), rows_first(dv)};
}

// Causal from the first row: flash aligns a causal mask at the end, which is the same for equal lengths, and
// a causal tile has no others. A window is aligned at the end likewise (Tile::window_left).
std::optional<std::int64_t> window_left_of(const Tile& tile) {
  return tile.window_left >= 0 ? std::optional<std::int64_t>(tile.window_left) : std::nullopt;
}

TileOutput flash_forward(const Tensor& q, const Tensor& k, const Tensor& v, const Tile& tile) {
  const bool packed = !tile.seqlens.empty();
  const auto batch = [&](const Tensor& x) { return packed ? x : x.unsqueeze(0); };
  const std::optional<Tensor> cu_seqlens = packed ? std::optional<Tensor>(tile.cu_seqlens) : std::nullopt;
  const std::int64_t most_q = packed ? tile.max_seqlen() : q.size(0), most_k = packed ? most_q : k.size(0);
  const auto result = at::_flash_attention_forward(
      batch(q), batch(k), batch(v), cu_seqlens, cu_seqlens, most_q, most_k, 0.0, tile.causal,
      /*return_debug_mask=*/false, std::optional<double>(scale_of(q)), window_left_of(tile),
      std::optional<std::int64_t>());
  const Tensor& lse = std::get<1>(result);
  TORCH_CHECK(lse.numel() == q.size(0) * q.size(1), "flash attention gave a log-sum-exp of ", lse.sizes(),
              " for ", q.sizes());
  return {std::get<0>(result).view(q.sizes()), lse.reshape({q.size(1), q.size(0)}).t()};
}

TileGradients flash_backward(const Tensor& dout, const Tensor& q, const Tensor& k, const Tensor& v,
                             const Tensor& out, const Tensor& lse, const Tile& tile) {
  const bool packed = !tile.seqlens.empty();
  const auto batch = [&](const Tensor& x) { return packed ? x : x.unsqueeze(0); };
  const Tensor cu_seqlens = packed ? tile.cu_seqlens : Tensor(),
               no_dropout = at::zeros({2}, q.options().dtype(at::kLong));
  const Tensor lse_1NQ = lse_heads_first(lse);
  const std::int64_t most_q = packed ? tile.max_seqlen() : q.size(0), most_k = packed ? most_q : k.size(0);
  const auto [dq, dk, dv] = at::_flash_attention_backward(
      batch(dout), batch(q), batch(k), batch(v), batch(out), packed ? lse_1NQ.squeeze(0) : lse_1NQ,
      cu_seqlens, cu_seqlens, most_q, most_k, 0.0, tile.causal, no_dropout, no_dropout,
      std::optional<double>(scale_of(q)), window_left_of(tile), std::optional<std::int64_t>());
  return {dq.view(q.sizes()), dk.view(k.sizes()), dv.view(v.sizes())};
}

// Such lengths are few: of padded sequences and contexts, and of the passes in which a context is read.
bool is_for_cudnn(const Tensor& q, const Tile& tile) {
  const auto few = [](std::int64_t length) {
    return length % batches::kBucketStep == 0 && length >= engine::kCudnnRows;
  };
  return tile.window_left < 0 && tile.seqlens.empty() && few(tile.queries.length) && few(tile.keys.length) &&
         q.size(2) <= engine::kCudnnHead && may_use_cudnn() &&
         kernels::capability_major(q.device()) == engine::kCudnnCapability;
}

}  // namespace

bool is_fusable(at::ScalarType type, std::int64_t head_dim) {
  return (type == at::kBFloat16 || type == at::kHalf) && head_dim % 8 == 0 && head_dim <= 256;
}

TileBackend backend_of(const Tensor& q, const Tile& tile) {
  if (!q.is_cuda()) {
    if (tile.window_left >= 0 || !tile.seqlens.empty()) return TileBackend::unfused;
    return !tile.mask.defined() && kernels::can_attend(q) ? TileBackend::cpu_blocks : TileBackend::cpu_flash;
  }
  if (tile.mask.defined() || !is_fusable(q.scalar_type(), q.size(2))) return TileBackend::unfused;
  return is_for_cudnn(q, tile) ? TileBackend::cudnn : TileBackend::cuda_flash;
}

TileOutput tile_forward(const Tensor& q, const Tensor& k, const Tensor& v, const Tile& tile) {
  switch (backend_of(q, tile)) {
    case TileBackend::cpu_blocks: {
      const auto [out, lse] = kernels::attend(q, k, v, tile.causal);
      return {out, lse};
    }
    case TileBackend::cpu_flash:
      return cpu_forward(q, k, v, tile);
    case TileBackend::cudnn:
      return cudnn_or_flash([&] { return cudnn_forward(q, k, v, tile); },
                            [&] { return flash_forward(q, k, v, tile); });
    case TileBackend::cuda_flash:
      return flash_forward(q, k, v, tile);
    case TileBackend::unfused:
      break;
  }
  return unfused_forward(q, k, v, tile);
}

TileGradients tile_backward(const Tensor& dout, const Tensor& q, const Tensor& k, const Tensor& v,
                            const Tensor& out, const Tensor& lse, const Tile& tile) {
  switch (backend_of(q, tile)) {
    case TileBackend::cpu_blocks: {
      const auto [dq, dk, dv] = kernels::attend_backward(dout, q, k, v, out, lse, tile.causal);
      return {dq, dk, dv};
    }
    case TileBackend::cpu_flash:
      if (q.scalar_type() == at::kBFloat16) return cpu_backward_bf16(dout, q, k, v, out, lse, tile);
      return cpu_backward(dout, q, k, v, out, lse, tile);
    case TileBackend::cudnn:
      return cudnn_or_flash([&] { return cudnn_backward(dout, q, k, v, out, lse, tile); },
                            [&] { return flash_backward(dout, q, k, v, out, lse, tile); });
    case TileBackend::cuda_flash:
      return flash_backward(dout, q, k, v, out, lse, tile);
    case TileBackend::unfused:
      break;
  }
  return unfused_backward(dout, q, k, v, out, lse, tile);
}

}  // namespace film::model
