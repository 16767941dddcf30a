#include <cmath>

#include "cuda_library.h"
#include "dispatch.h"
#include "film/kernels/kernels.h"

namespace film::kernels {
namespace {

// First index of the highest logit of a row.
template <class scalar_t>
std::int64_t best_of(const scalar_t* logits, std::int64_t V) {
  std::int64_t best = 0;
  for (std::int64_t v = 1; v < V; ++v)
    if (logits[v] > logits[best]) best = v;
  return best;
}

}  // namespace

// The passes over a row that ATen has vectorised (exp, sum, scaling) are ATen's; rows are taken one by one,
// so that sums do not depend on the number of rows.
void cross_entropy(Tensor& logits_RV, const Tensor& targets_R, const Tensor& weights_R, Tensor& loss_R,
                   Tensor& correct_R) {
  if (logits_RV.is_cuda())
    return on_cuda(logits_RV).cross_entropy(logits_RV, targets_R, weights_R, loss_R, correct_R);
  const std::int64_t V = logits_RV.size(1);
  const auto* targets = targets_R.const_data_ptr<std::int64_t>();
  auto* correct = correct_R.mutable_data_ptr<std::uint8_t>();
  FILM_DISPATCH(logits_RV, "cross_entropy", [&] {
    auto* logits = logits_RV.mutable_data_ptr<scalar_t>();
    const auto* weights = weights_R.const_data_ptr<sum_t>();
    auto* loss = loss_R.mutable_data_ptr<sum_t>();
    at::parallel_for(0, logits_RV.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        const std::int64_t best = best_of(logits + r * V, V), target = targets[r];
        const auto high = static_cast<sum_t>(logits[r * V + best]);
        const sum_t margin = high - static_cast<sum_t>(logits[r * V + target]);
        Tensor row = logits_RV[r];
        const Tensor p = row.to(loss_R.scalar_type()).sub(high).exp();
        const sum_t sum = p.sum().template item<sum_t>();
        row.copy_(p.mul(weights[r] / sum));
        logits[r * V + target] =
            static_cast<scalar_t>(weights[r] * (p[target].template item<sum_t>() / sum - 1));
        loss[r] = std::log(sum) + margin;
        correct[r] = best == target;
      }
    });
  });
}

}  // namespace film::kernels
