// Rotary positions, SwiGLU and the merge of partial attentions.
#include <cmath>

#include "dispatch.h"
#include "film/kernels/kernels.h"

namespace film::kernels {

void rope(Tensor x_TNH, const Tensor& cos_Th, const Tensor& sin_Th, bool inverse) {
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

void swiglu_forward(const Tensor& gate_up_TG, Tensor& out_TF) {
  const std::int64_t F = out_TF.size(1);
  FILM_DISPATCH(out_TF, "swiglu_forward", [&] {
    const auto* gate_up = gate_up_TG.const_data_ptr<scalar_t>();
    auto* out = out_TF.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, out_TF.size(0), grain(8 * F), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t t = begin; t < end; ++t)
        for (std::int64_t f = 0; f < F; ++f) {
          const auto gate = static_cast<sum_t>(gate_up[2 * t * F + f]);
          const auto up = static_cast<sum_t>(gate_up[(2 * t + 1) * F + f]);
          out[t * F + f] = static_cast<scalar_t>(gate / (1 + std::exp(-gate)) * up);
        }
    });
  });
}

void swiglu_backward(const Tensor& dout_TF, const Tensor& gate_up_TG, Tensor& dgate_up_TG) {
  const std::int64_t F = dout_TF.size(1);
  FILM_DISPATCH(dout_TF, "swiglu_backward", [&] {
    const auto* dout = dout_TF.const_data_ptr<scalar_t>();
    const auto* gate_up = gate_up_TG.const_data_ptr<scalar_t>();
    auto* d = dgate_up_TG.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, dout_TF.size(0), grain(8 * F), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t t = begin; t < end; ++t)
        for (std::int64_t f = 0; f < F; ++f) {
          const std::int64_t g = 2 * t * F + f, u = g + F;
          const auto gate = static_cast<sum_t>(gate_up[g]), up = static_cast<sum_t>(gate_up[u]);
          const sum_t sigmoid = 1 / (1 + std::exp(-gate)), dy = static_cast<sum_t>(dout[t * F + f]);
          d[g] = static_cast<scalar_t>(dy * up * sigmoid * (1 + gate * (1 - sigmoid)));
          d[u] = static_cast<scalar_t>(dy * gate * sigmoid);
        }
    });
  });
}

void merge_attention(Tensor out_qNH, Tensor lse_qN, const Tensor& part_qNH, const Tensor& part_lse_qN) {
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
