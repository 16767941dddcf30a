#include "film/kernels/attention.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>

#include <cmath>
#include <memory>

#include "attention/block.h"
#include "film/engine/plan_device.h"

namespace film::kernels {
namespace {

// As Torch chooses its own kernels, by the processor and ATEN_CPU_CAPABILITY.
const attention::BlockKernel* chosen_kernel() {
  const std::string capability = at::get_cpu_capability();
  return capability == "AVX512" ? &attention::avx512 : capability == "AVX2" ? &attention::avx2 : nullptr;
}

const attention::BlockKernel*& block_kernel() {
  static const attention::BlockKernel* kernel = chosen_kernel();
  return kernel;
}

attention::Rows rows_of(const Tensor& x_RNH, std::int64_t head) {
  return {x_RNH.const_data_ptr<float>() + head * x_RNH.stride(1), x_RNH.stride(0)};
}
attention::WritableRows writable_rows_of(const Tensor& x_RNH, std::int64_t head) {
  return {x_RNH.mutable_data_ptr<float>() + head * x_RNH.stride(1), x_RNH.stride(0)};
}

std::int64_t padded(std::int64_t keys) {
  return (keys + attention::kKeys - 1) / attention::kKeys * attention::kKeys + attention::kKeyUnit;
}

// [K, M, H] as [M, H, padded], zeros behind the keys.
Tensor transposed(const Tensor& x_KMH) {
  const std::int64_t K = x_KMH.size(0);
  Tensor to = at::empty({x_KMH.size(1), x_KMH.size(2), padded(K)}, x_KMH.options());
  to.narrow(2, 0, K).copy_(x_KMH.permute({1, 2, 0}));
  to.narrow(2, K, padded(K) - K).zero_();
  return to;
}

// Everything about the heads that blocks of one call share.
struct Call {
  const Tensor &q, &k, &v;
  Tensor key_MHK, value_MHK;  // the latter for the backward alone
  bool causal;

  std::int64_t heads() const { return q.size(1); }
  std::int64_t blocks() const { return (q.size(0) + attention::kRows - 1) / attention::kRows; }
  attention::Block block(std::int64_t b) const {
    const std::int64_t begin = b * attention::kRows;
    return {begin, static_cast<int>(std::min<std::int64_t>(attention::kRows, q.size(0) - begin))};
  }
  attention::Head head(std::int64_t n) const {
    const std::int64_t group = n / (q.size(1) / k.size(1)), H = q.size(2), width = key_MHK.size(2);
    const auto of = [&](const Tensor& x) {
      return x.defined() ? x.const_data_ptr<float>() + group * H * width : nullptr;
    };
    return {rows_of(q, n),
            rows_of(k, group),
            rows_of(v, group),
            of(key_MHK),
            of(value_MHK),
            width,
            k.size(0),
            static_cast<int>(H),
            causal,
            1 / std::sqrt(static_cast<float>(H))};
  }
};

void check(const Tensor& q, const Tensor& k, const Tensor& v, bool causal) {
  TORCH_INTERNAL_ASSERT(q.stride(2) == 1 && k.stride(2) == 1 && v.stride(2) == 1);
  TORCH_INTERNAL_ASSERT(k.size(0) > 0 && (!causal || q.size(0) == k.size(0)));
}

}  // namespace

void attention::use_kernel(const BlockKernel* kernel) {
  block_kernel() = kernel == nullptr ? chosen_kernel() : kernel;
}

bool can_attend(const Tensor& q) {
  static_assert(attention::kMostHead == engine::kBlockHead);
  const std::int64_t H = q.size(2);
  return q.is_cpu() && q.scalar_type() == at::kFloat && H % engine::kBlockHeadUnit == 0 &&
         H <= engine::kBlockHead && q.size(0) >= engine::kBlockQueryRows && block_kernel() != nullptr;
}

Attention attend(const Tensor& q, const Tensor& k, const Tensor& v, bool causal) {
  check(q, k, v, causal);
  const Call call{q, k, v, transposed(k), {}, causal};
  const std::int64_t N = call.heads(), blocks = call.blocks();
  Attention result{at::empty(q.sizes(), q.options()), at::empty({q.size(0), N}, q.options())};
  // A causal block costs more the later it comes: an early and a late one in turn, so that threads get like shares.
  at::parallel_for(0, N * blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    const auto scratch = std::make_unique<attention::Scratch>();
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t n = i % N, turn = i / N, b = turn % 2 == 0 ? turn / 2 : blocks - 1 - turn / 2;
      const attention::Forward to{writable_rows_of(result.out_QNH, n),
                                  result.lse_QN.mutable_data_ptr<float>() + n, N};
      block_kernel()->forward(call.head(n), call.block(b), to, *scratch);
    }
  });
  return result;
}

AttentionBackward attend_backward(const Tensor& dout, const Tensor& q, const Tensor& k, const Tensor& v,
                                  const Tensor& out, const Tensor& lse, bool causal) {
  check(q, k, v, causal);
  TORCH_INTERNAL_ASSERT(dout.stride(2) == 1 && out.stride(2) == 1);
  const Call call{q, k, v, transposed(k), transposed(v), causal};
  const std::int64_t N = call.heads(), M = k.size(1), K = k.size(0), H = q.size(2), size = padded(K) * H;
  const Tensor dq = at::empty(q.sizes(), q.options()), dk_NKH = at::zeros({N, padded(K), H}, q.options()),
               dv_NKH = at::zeros_like(dk_NKH);
  // A head belongs to one thread, which adds to its own gradients of keys and values.
  at::parallel_for(0, N, 1, [&](std::int64_t begin, std::int64_t end) {
    const auto scratch = std::make_unique<attention::Scratch>();
    for (std::int64_t n = begin; n < end; ++n) {
      const attention::Backward to{rows_of(dout, n),
                                   rows_of(out, n),
                                   lse.const_data_ptr<float>() + n * lse.stride(1),
                                   lse.stride(0),
                                   writable_rows_of(dq, n),
                                   dk_NKH.mutable_data_ptr<float>() + n * size,
                                   dv_NKH.mutable_data_ptr<float>() + n * size};
      for (std::int64_t b = 0; b < call.blocks(); ++b)
        block_kernel()->backward(call.head(n), call.block(b), to, *scratch);
    }
  });
  const auto of_key_heads = [&](const Tensor& x_NKH) {
    const Tensor x_MGKH = x_NKH.view({M, N / M, padded(K), H});
    Tensor sum = x_MGKH.select(1, 0);
    for (std::int64_t g = 1; g < N / M; ++g) sum += x_MGKH.select(1, g);
    return sum.narrow(1, 0, K).transpose(0, 1);
  };
  return {dq, of_key_heads(dk_NKH), of_key_heads(dv_NKH)};
}

}  // namespace film::kernels
