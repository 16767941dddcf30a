#pragma once
// Fused attention in fp32 on a CPU with AVX2 or AVX-512: exact, no square of scores in memory, and faster than Torch's where
// there are more than a few query rows. Sums run in an order that does not depend on the number of threads.
//
// Q query rows, K key rows, N heads, M key heads (N is a multiple of M), H head size.
#include <ATen/ATen.h>

namespace film::kernels {

using at::Tensor;

// Whether the functions below take such queries; where not, there is Torch's attention.
bool can_attend(const Tensor& q_QNH);

struct Attention {
  Tensor out_QNH, lse_QN;  // lse: log of the softmax's denominator
};
// softmax(q k^T / sqrt(H)) v. causal: row i sees keys 0 to i, and Q = K. Any strides with contiguous H.
Attention attend(const Tensor& q_QNH, const Tensor& k_KMH, const Tensor& v_KMH, bool causal);

struct AttentionBackward {
  Tensor dq_QNH, dk_KMH, dv_KMH;
};
// From the output and its log-sum-exp, which may be of a softmax over these and other keys.
AttentionBackward attend_backward(const Tensor& dout_QNH, const Tensor& q_QNH, const Tensor& k_KMH,
                                  const Tensor& v_KMH, const Tensor& out_QNH, const Tensor& lse_QN,
                                  bool causal);

}  // namespace film::kernels
