#pragma once
// The CUDA kernels as plain functions over raw device pointers: no Torch here, so nvcc compiles them in
// seconds. Contracts are those of include/film/kernels/kernels.h, whose CPU functions are the references.
// Tensors are contiguous unless strides (in elements) are given; `Type` is the element type, sums are float32
// (float64 for float64). Everything is queued on `stream`; nothing waits.
#include <cstdint>

#include "film/kernels/adam_step.h"

struct CUstream_st;

namespace film::cuda {

using Stream = CUstream_st*;  // cudaStream_t
using Size = std::int64_t;

enum class Type { float32, bfloat16, float64 };

// y = x / rms(x) * w, and rstd; `again` reads rstd.
void rms_norm_forward(Type type, const void* x_TD, const void* w_D, double eps, void* y_TD, void* rstd_T,
                      Size T, Size D, Stream stream);
void rms_norm_recompute(Type type, const void* x_TD, const void* w_D, const void* rstd_T, void* y_TD, Size T,
                        Size D, Stream stream);
// dx += ..., dw += ... partials: room for kNormParts x D sums.
inline constexpr Size kNormParts = 528;  // four blocks for each of an H100's processors
void rms_norm_backward(Type type, const void* dy_TD, const void* x_TD, const void* w_D, const void* rstd_T,
                       void* dx_TD, void* dw_D, void* partials, Size T, Size D, Stream stream);

// x[t, n, :] at t * row + n * head; half = H / 2; cos, sin: sums.
void rope(Type type, void* x_TNH, Size row, Size head, const void* cos_Th, const void* sin_Th, bool inverse,
          Size T, Size N, Size half, Stream stream);

void swiglu_forward(Type type, const void* gate_up_TG, void* out_TF, Size T, Size F, Stream stream);
// dout becomes the product.
void swiglu_backward(Type type, void* dout_TF, const void* gate_up_TG, void* dgate_up_TG, Size T, Size F,
                     Stream stream);

void cross_entropy(Type type, void* logits_RV, const Size* targets_R, const void* weights_R, void* loss_R,
                   std::uint8_t* correct_R, Size R, Size V, Stream stream);

// Where element [q, n, 0] of a tensor is.
struct Strides {
  Size q, n;
};
void merge_attention(Type type, void* out_qNH, Strides out, void* lse_qN, Strides lse, const void* part_qNH,
                     Strides part, const void* part_lse_qN, Strides part_lse, Size Q, Size N, Size H,
                     Stream stream);

// order: the row of dx that each entry of sorted_ids belongs to; equal ids in ascending order of their rows.
void embedding_backward(Type type, const void* dx_TD, const Size* sorted_ids_T, const Size* order_T,
                        void* dembedding_VD, Size T, Size D, Stream stream);

void adamw(Type type, void* weight, const void* gradient, void* m, void* v, const kernels::AdamStep& step,
           Size n, Stream stream);
void adamw_split(void* weight, std::int16_t* remainder, const float* gradient, float* m, float* v,
                 const kernels::AdamStep& step, Size n, Stream stream);
void split_master(const float* master, void* high, std::int16_t* remainder, Size n, Stream stream);
void join_master(const void* high, const std::int16_t* remainder, float* master, Size n, Stream stream);

// *sum += the squares of x. partials: room for norm_blocks(n) doubles. Blocks and their order do not depend
// on the GPU.
inline constexpr Size kNormBlock = 1 << 15;  // elements
constexpr Size norm_blocks(Size n) { return (n + kNormBlock - 1) / kNormBlock; }
void squared_norm(Type type, const void* x, double* partials, double* sum, Size n, Stream stream);

// All of them, for the table that the library hands out.
struct Launchers {
  decltype(&cuda::rms_norm_forward) rms_norm_forward;
  decltype(&cuda::rms_norm_recompute) rms_norm_recompute;
  decltype(&cuda::rms_norm_backward) rms_norm_backward;
  decltype(&cuda::rope) rope;
  decltype(&cuda::swiglu_forward) swiglu_forward;
  decltype(&cuda::swiglu_backward) swiglu_backward;
  decltype(&cuda::cross_entropy) cross_entropy;
  decltype(&cuda::merge_attention) merge_attention;
  decltype(&cuda::embedding_backward) embedding_backward;
  decltype(&cuda::adamw) adamw;
  decltype(&cuda::adamw_split) adamw_split;
  decltype(&cuda::split_master) split_master;
  decltype(&cuda::join_master) join_master;
  decltype(&cuda::squared_norm) squared_norm;
};
// Only where the kernels are linked.
inline Launchers launchers() {
  return {.rms_norm_forward = rms_norm_forward,
          .rms_norm_recompute = rms_norm_recompute,
          .rms_norm_backward = rms_norm_backward,
          .rope = rope,
          .swiglu_forward = swiglu_forward,
          .swiglu_backward = swiglu_backward,
          .cross_entropy = cross_entropy,
          .merge_attention = merge_attention,
          .embedding_backward = embedding_backward,
          .adamw = adamw,
          .adamw_split = adamw_split,
          .split_master = split_master,
          .join_master = join_master,
          .squared_norm = squared_norm};
}

}  // namespace film::cuda
