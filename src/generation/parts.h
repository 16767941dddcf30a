#pragma once
// Attention in parts: to keys that all rows see, and of one new row per sequence to the keys of that sequence alone, for
// all sequences at once. Parts of the same rows are merged by their log-sum-exp. Q rows, N query heads, M key heads, H
// head size; S sequences with C cache rows each.
#include "film/model/attention.h"

namespace film::generation {

using at::Tensor;

// lse: log of the softmax's denominator, in the type of sums.
struct Part {
  Tensor out_QNH, lse_QN;
};

// Makes `part` the attention to the keys of both.
void merge(Part& part, const Part& other);

// By a plan. Rows that no tile of it has see nothing: 0, with an lse of -inf.
Part attend(const Tensor& q_QNH, const Tensor& key_TMH, const Tensor& value_TMH,
            const model::AttentionPlan& plan);

// All rows see all K keys. Query heads that share a key head are rows of one tile: its keys are read once for them.
Part attend_shared(const Tensor& q_QNH, const Tensor& key_KMH, const Tensor& value_KMH);

// Which keys the new row of each of some sequences sees: the last ones of those that are filled.
struct OwnKeys {
  std::vector<std::int64_t> which;  // sequence of each row, ascending
  std::vector<std::int64_t> used;   // cache rows of it that are filled, the new row's own included
  std::int64_t window = 0;          // so many of them at most; 0 = all
};

// The same as a device's call wants it; made once for all layers.
struct OwnPlan {
  Tensor which;  // int64; undefined where it is all sequences
  std::int64_t longest = 0;
  Tensor mask_QL;  // 0 for a key that the row sees, -inf for another, in the type of the model
  // For FlashAttention over sequences of different lengths: int32, the cache row where a sequence begins (with an end),
  // and how many of its rows are filled.
  Tensor begins, used;
  std::int64_t window = 0;
};
OwnPlan own_plan(const OwnKeys& keys, std::int64_t sequences, std::int64_t capacity,
                 const at::TensorOptions& options);

Part attend_own(const Tensor& q_QNH, const Tensor& key_SCMH, const Tensor& value_SCMH, const OwnPlan& plan);

// The same by products and a softmax of the whole scores, for what no fused call takes: fp32 on a GPU.
Part attend_own_unfused(const Tensor& q_QNH, const Tensor& key_SCMH, const Tensor& value_SCMH,
                        const OwnPlan& plan);

}  // namespace film::generation
