// Rotary positions, SwiGLU and the merge of partial attentions.
#include <cmath>

#include "cuda_library.h"
#include "dispatch.h"
#include "film/kernels/kernels.h"

namespace film::kernels {

void rope(Tensor x_TNH, const Tensor& cos_Th, const Tensor& sin_Th, bool inverse) {
  if (x_TNH.is_cuda()) return on_cuda(x_TNH).rope(x_TNH, cos_Th, sin_Th, inverse);
  const std::int64_t N = x_TNH.size(1), half = x_TNH.size(2) / 2;
  const std::int64_t row = x_TNH.stride(0), head = x_TNH.stride(1);
  FILM_DISPATCH(x_TNH, "rope", [&] {
    auto* x = x_TNH.mutable_data_ptr<scalar_t>();
    const auto* cos = cos_Th.const_data_ptr<sum_t>();
    const auto* sin = sin_Th.const_data_ptr<sum_t>();
    const sum_t sign = inverse ? -1 : 1;
    at::parallel_for(0, x_TNH.size(0), grain(2 * N * half), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t t = begin; t < end; ++t)
        for (std::int64_t n = 0; n < N; ++n) {
          scalar_t* a = x + t * row + n * head;
          for (std::int64_t i = 0; i < half; ++i) {
            const sum_t c = cos[t * half + i], s = sign * sin[t * half + i];
            const auto first = static_cast<sum_t>(a[i]), second = static_cast<sum_t>(a[i + half]);
            a[i] = static_cast<scalar_t>(first * c - second * s);
            a[i + half] = static_cast<scalar_t>(second * c + first * s);
          }
        }
    });
  });
}

// ATen's silu is vectorised; rows of gate and up are halves of one row. In bf16 everything between the inputs
// and the one rounding at the end is fp32, as in the CUDA kernel.
void swiglu_forward(const Tensor& gate_up_TG, Tensor& out_TF) {
  if (out_TF.is_cuda()) return on_cuda(out_TF).swiglu_forward(gate_up_TG, out_TF);
  const std::int64_t F = out_TF.size(1);
  for_row_blocks(out_TF.size(0), F, [&](std::int64_t begin, std::int64_t n) {
    const auto halves = gate_up_TG.narrow(0, begin, n).to(opmath_type(gate_up_TG)).split(F, 1);
    out_TF.narrow(0, begin, n).copy_(at::silu(halves[0]).mul_(halves[1]));
  });
}

void swiglu_backward(Tensor& dout_TF, const Tensor& gate_up_TG, Tensor& dgate_up_TG) {
  if (dout_TF.is_cuda()) return on_cuda(dout_TF).swiglu_backward(dout_TF, gate_up_TG, dgate_up_TG);
  const std::int64_t F = dout_TF.size(1);
  for_row_blocks(dout_TF.size(0), F, [&](std::int64_t begin, std::int64_t n) {
    const auto halves = gate_up_TG.narrow(0, begin, n).to(opmath_type(gate_up_TG)).split(F, 1);
    const Tensor dout = dout_TF.narrow(0, begin, n).to(opmath_type(dout_TF));
    const Tensor dgate_up = dgate_up_TG.narrow(0, begin, n);
    dgate_up.narrow(1, 0, F).copy_(at::silu_backward(dout * halves[1], halves[0]));
    const Tensor silu = at::silu(halves[0]);
    dgate_up.narrow(1, F, F).copy_(silu * dout);
    dout_TF.narrow(0, begin, n).copy_(silu * halves[1]);
  });
}

void merge_attention(Tensor out_qNH, Tensor lse_qN, const Tensor& part_qNH, const Tensor& part_lse_qN) {
  if (out_qNH.is_cuda()) return on_cuda(out_qNH).merge_attention(out_qNH, lse_qN, part_qNH, part_lse_qN);
  const std::int64_t N = out_qNH.size(1), H = out_qNH.size(2);
  FILM_DISPATCH(out_qNH, "merge_attention", [&] {
    auto* out = out_qNH.mutable_data_ptr<scalar_t>();
    const auto* part = part_qNH.const_data_ptr<scalar_t>();
    auto* lse = lse_qN.mutable_data_ptr<sum_t>();
    const auto* part_lse = part_lse_qN.const_data_ptr<sum_t>();
    at::parallel_for(0, out_qNH.size(0), grain(N * H), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t q = begin; q < end; ++q)
        for (std::int64_t n = 0; n < N; ++n) {
          sum_t& a = lse[q * lse_qN.stride(0) + n * lse_qN.stride(1)];
          const sum_t b = part_lse[q * part_lse_qN.stride(0) + n * part_lse_qN.stride(1)];
          const sum_t high = std::max(a, b), both = high + std::log(std::exp(a - high) + std::exp(b - high));
          const sum_t keep = std::exp(a - both), add = std::exp(b - both);
          scalar_t* o = out + q * out_qNH.stride(0) + n * out_qNH.stride(1);
          const scalar_t* p = part + q * part_qNH.stride(0) + n * part_qNH.stride(1);
          for (std::int64_t h = 0; h < H; ++h)
            o[h] = static_cast<scalar_t>(keep * static_cast<sum_t>(o[h]) + add * static_cast<sum_t>(p[h]));
          a = both;
        }
    });
  });
}

}  // namespace film::kernels
