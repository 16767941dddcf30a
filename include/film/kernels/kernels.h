#pragma once
// The few operations that ATen lacks or does slowly, over plain contiguous tensors (views with a row stride
// where said), on the CPU or on a GPU (device.h): each function has a CPU reference here and a CUDA kernel in
// src/kernels/cuda. All sums run in an order that does not depend on the number of threads, so results are
// repeatable bit for bit. Floating types: float32, float64, bfloat16; sums in float32 (float64 for float64).
//
// T tokens, R rows, D width, N heads, H head size, F feed-forward width, V vocabulary.
#include <ATen/ATen.h>

#include <vector>

#include "film/kernels/adam_step.h"

namespace film::kernels {

using at::Tensor;

// The type of sums and statistics of x (accumulation).
at::ScalarType opmath_type(const Tensor& x);

// y = x / rms(x) * w; rstd_T receives 1 / sqrt(mean(x^2) + eps).
void rms_norm_forward(const Tensor& x_TD, const Tensor& w_D, double eps, Tensor& y_TD, Tensor& rstd_T);
// y alone, from a saved rstd.
void rms_norm_recompute(const Tensor& x_TD, const Tensor& w_D, const Tensor& rstd_T, Tensor& y_TD);
// dx += the gradient through x; dw += the gradient of w.
void rms_norm_backward(const Tensor& dy_TD, const Tensor& x_TD, const Tensor& w_D, const Tensor& rstd_T,
                       Tensor& dx_TD, Tensor& dw_D);

// Rotates pairs (i, i + H/2) of every head in place, as Hugging Face's Mistral does. x may have any row
// stride. cos, sin: [T, H/2]. inverse: the backward (rotation by the negative angle).
void rope(Tensor x_TNH, const Tensor& cos_Th, const Tensor& sin_Th, bool inverse);

// out = silu(gate) * up, with gate = gate_up[:, :F], up = gate_up[:, F:].
void swiglu_forward(const Tensor& gate_up_TG, Tensor& out_TF);
// The gradient of gate and up; dout becomes the product, which the gradient of the next weight needs: one reading of
// gate and up for both.
void swiglu_backward(Tensor& dout_TF, const Tensor& gate_up_TG, Tensor& dgate_up_TG);

// In place: logits become weight * (softmax - onehot(target)), the gradient of sum(weight * loss).
// loss_R: -log p(target); correct_R (uint8): 1 if the target has the highest logit (first index wins ties).
void cross_entropy(Tensor& logits_RV, const Tensor& targets_R, const Tensor& weights_R, Tensor& loss_R,
                   Tensor& correct_R);

// Merges attention over another part of the keys into (out, lse): softmax over the union of both parts.
// out, part: [q, N, H], any strides; lse, part_lse: [q, N].
void merge_attention(Tensor out_qNH, Tensor lse_qN, const Tensor& part_qNH, const Tensor& part_lse_qN);

// dembedding[ids[t]] += dx[t], summed per id in order of t.
void embedding_backward(const Tensor& dx_TD, const Tensor& ids_T, Tensor& dembedding_VD);

// out = x w, or base + x w (base may be out). On a CPU in bf16 in blocks of rows of few sizes: oneDNN makes kernels for every
// number of rows and keeps them, megabytes for each.
void multiply(const Tensor& x_RI, const Tensor& w_IO, Tensor out_RO, const Tensor& base_RO = {});

// sum += a^T b, products and sums in the type of sums: the gradient of a weight, added to its accumulator.
// a, b: rows contiguous, any row stride.
void accumulate_weight_gradient(Tensor& sum_OI, const Tensor& a_RO, const Tensor& b_RI);

// AdamW (adam_step.h); gradient, m and v have the type of weight.
void adamw(Tensor& weight, const Tensor& gradient, Tensor& m, Tensor& v, const AdamStep& step);
// The same on fp32 masters held as bf16 weight and int16 remainder (split_master): m, v and
// gradient are fp32.
void adamw_split(Tensor& weight, Tensor& remainder, const Tensor& gradient, Tensor& m, Tensor& v,
                 const AdamStep& step);

// An fp32 master as the bf16 weight that the model computes with and an int16 remainder, and back, exactly:
// with u the master's bits, high = (u + 0x8000) >> 16 (rounded to nearest, ties away from zero) and
// remainder = u - (high << 16). Contiguous tensors of equal size, element by element. Every bit pattern comes
// back, but only of finite masters is `high` a rounding (a NaN's may look like a number); above bf16's
// largest number it is an infinity.
void split_master(const Tensor& master, Tensor& high, Tensor& remainder);
void join_master(const Tensor& high, const Tensor& remainder, Tensor& master);

// Sum of squares, in float64, in blocks of fixed size.
double squared_norm(const Tensor& x);
// Of all of them; a GPU is waited for once.
double squared_norm(const std::vector<Tensor>& list);

}  // namespace film::kernels
