#include "parts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "film/kernels/attention.h"
#include "film/kernels/kernels.h"

namespace film::generation {
namespace {

double scale_of(const Tensor& q_QNH) { return 1 / std::sqrt(static_cast<double>(q_QNH.size(2))); }

// [Q, N, H] as [M, Q * G, H]: the rows of one key head side by side. And back.
Tensor by_key_head(const Tensor& q_QNH, std::int64_t M) {
  const std::int64_t Q = q_QNH.size(0), G = q_QNH.size(1) / M, H = q_QNH.size(2);
  return q_QNH.view({Q, M, G, H}).transpose(0, 1).reshape({M, Q * G, H});
}
Tensor by_row(const Tensor& x_MRH, std::int64_t Q) {
  const std::int64_t M = x_MRH.size(0), G = x_MRH.size(1) / Q, H = x_MRH.size(2);
  return x_MRH.view({M, Q, G, H}).transpose(0, 1).reshape({Q, M * G, H});
}

// The cache rows of the sequences of a plan, [Q, longest, M, H]; a view when it is all of them.
Tensor chosen(const Tensor& cache_SCMH, const OwnPlan& plan) {
  const Tensor rows = cache_SCMH.narrow(1, 0, plan.longest);
  return plan.which.defined() ? rows.index_select(0, plan.which) : rows;
}

bool takes_flash(const Tensor& q) {
  const bool half = q.scalar_type() == at::kBFloat16 || q.scalar_type() == at::kHalf;
  return q.is_cuda() && half && q.size(2) % 8 == 0 && q.size(2) <= 256;
}

// One call over sequences of different lengths; keys stay where they are, also those of sequences that have ended.
Part attend_own_flash(const Tensor& q, const Tensor& key, const Tensor& value, const OwnPlan& plan) {
  const std::int64_t Q = q.size(0);
  const Tensor each = at::arange(Q + 1, q.options().dtype(at::kInt));
  const auto result = at::_flash_attention_forward(
      q, key.flatten(0, 1), value.flatten(0, 1), each, plan.begins, 1, plan.longest, 0.0, /*is_causal=*/false,
      /*return_debug_mask=*/false, scale_of(q),
      plan.window > 0 ? std::optional<std::int64_t>(plan.window - 1) : std::nullopt, std::nullopt, plan.used);
  return {std::get<0>(result), std::get<1>(result).reshape({q.size(1), Q}).t()};
}

}  // namespace

void merge(Part& part, const Part& other) {
  kernels::merge_attention(part.out_QNH, part.lse_QN, other.out_QNH, other.lse_QN);
}

Part attend(const Tensor& q, const Tensor& key, const Tensor& value, const model::AttentionPlan& plan) {
  Part part{at::empty(q.sizes(), q.options()),
            at::empty({q.size(0), q.size(1)}, q.options().dtype(kernels::opmath_type(q)))};
  model::attention_forward(q, key, value, plan, part.out_QNH, part.lse_QN);
  return part;
}

Part attend_shared(const Tensor& q, const Tensor& key, const Tensor& value) {
  const std::int64_t Q = q.size(0), M = key.size(1);
  // A GPU's call packs the heads by itself; film's own on a CPU need not.
  if (!q.is_cpu() || kernels::can_attend(q))
    return attend(q, key, value, {{.queries = {0, Q}, .keys = {0, key.size(0)}}});
  const auto [out, lse] = at::_scaled_dot_product_flash_attention_for_cpu(
      by_key_head(q, M).unsqueeze(0), key.unsqueeze(0).transpose(1, 2), value.unsqueeze(0).transpose(1, 2),
      0.0,
      /*is_causal=*/false, std::nullopt, scale_of(q));
  return {by_row(out.squeeze(0), Q), by_row(lse.squeeze(0).unsqueeze(2), Q).squeeze(2)};
}

OwnPlan own_plan(const OwnKeys& keys, std::int64_t sequences, std::int64_t capacity,
                 const at::TensorOptions& options) {
  const auto count = static_cast<std::int64_t>(keys.which.size());
  OwnPlan plan;
  plan.longest = *std::ranges::max_element(keys.used);
  plan.window = keys.window;
  if (count != sequences) plan.which = at::tensor(keys.which, at::kLong).to(options.device());
  Tensor mask = at::full({count, plan.longest}, -std::numeric_limits<float>::infinity(), at::kFloat);
  std::vector<std::int32_t> begins, used;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t filled = keys.used[static_cast<std::size_t>(i)],
                       seen = keys.window == 0 ? filled : std::min(filled, keys.window);
    std::fill_n(mask.mutable_data_ptr<float>() + i * plan.longest + filled - seen, seen, 0.0f);
    begins.push_back(static_cast<std::int32_t>(keys.which[static_cast<std::size_t>(i)] * capacity));
    used.push_back(static_cast<std::int32_t>(filled));
  }
  begins.push_back(static_cast<std::int32_t>(sequences * capacity));
  plan.mask_QL = mask.to(options);
  plan.begins = at::tensor(begins, at::kInt).to(options.device());
  plan.used = at::tensor(used, at::kInt).to(options.device());
  return plan;
}

Part attend_own(const Tensor& q, const Tensor& key, const Tensor& value, const OwnPlan& plan) {
  if (takes_flash(q)) return attend_own_flash(q, key, value, plan);
  if (!q.is_cpu()) return attend_own_unfused(q, key, value, plan);
  const std::int64_t Q = q.size(0), M = key.size(2), G = q.size(1) / M, H = q.size(2);
  const auto [out, lse] = at::_scaled_dot_product_flash_attention_for_cpu(
      q.view({Q, M, G, H}), chosen(key, plan).transpose(1, 2), chosen(value, plan).transpose(1, 2), 0.0,
      /*is_causal=*/false, plan.mask_QL.view({Q, 1, 1, plan.longest}), scale_of(q));
  return {out.reshape(q.sizes()), lse.reshape({Q, M * G})};
}

Part attend_own_unfused(const Tensor& q, const Tensor& key, const Tensor& value, const OwnPlan& plan) {
  const at::ScalarType sums = kernels::opmath_type(q);
  const std::int64_t Q = q.size(0), N = q.size(1), H = q.size(2), M = key.size(2);
  // Query heads that share a key head are the rows of one product.
  const Tensor query_QMGH = q.view({Q, M, N / M, H}).to(sums),
               key_QMLH = chosen(key, plan).transpose(1, 2).to(sums),
               value_QMLH = chosen(value, plan).transpose(1, 2).to(sums);
  const Tensor scores_QMGL = at::matmul(query_QMGH, key_QMLH.transpose(2, 3)) * scale_of(q) +
                             plan.mask_QL.to(sums).view({Q, 1, 1, plan.longest});
  const Tensor lse_QMG = scores_QMGL.logsumexp(3);
  const Tensor shares_QMGL = (scores_QMGL - lse_QMG.unsqueeze(3)).exp();
  return {at::matmul(shares_QMGL, value_QMLH).view({Q, N, H}).to(q.scalar_type()), lse_QMG.view({Q, N})};
}

}  // namespace film::generation
