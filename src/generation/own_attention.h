#pragma once
// Attention of one new row per sequence to the keys of that sequence alone, for all sequences at once. Q sequences,
// L keys each (padded), N query heads, M key heads, H head size.
#include <ATen/ATen.h>

namespace film::generation {

using at::Tensor;

// lse: log of the softmax's denominator, in the type of sums.
struct OwnAttention {
  Tensor out_QNH, lse_QN;
};

// mask_QL: 0 for a key that the row sees, -inf for another; each row sees at least one. Same type as q.
OwnAttention attend_own(const Tensor& q_QNH, const Tensor& key_QLMH, const Tensor& value_QLMH,
                        const Tensor& mask_QL);

// The same by products and a softmax of the whole scores, for devices without the CPU's fused call.
OwnAttention attend_own_unfused(const Tensor& q_QNH, const Tensor& key_QLMH, const Tensor& value_QLMH,
                                const Tensor& mask_QL);

}  // namespace film::generation
