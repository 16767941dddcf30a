#include <cmath>

#include "dispatch.h"
#include "film/kernels/kernels.h"

namespace film::kernels {
namespace {

// One row; returns -log p(target) and says whether the target has the highest logit.
template <class sum_t, class scalar_t>
sum_t entropy_row(scalar_t* logits, std::int64_t V, std::int64_t target, sum_t weight, std::uint8_t& correct) {
  std::int64_t best = 0;
  for (std::int64_t v = 1; v < V; ++v)
    if (logits[v] > logits[best]) best = v;
  correct = best == target;
  const auto high = static_cast<sum_t>(logits[best]);
  sum_t sum = 0;
  for (std::int64_t v = 0; v < V; ++v) sum += std::exp(static_cast<sum_t>(logits[v]) - high);
  const sum_t loss = std::log(sum) + high - static_cast<sum_t>(logits[target]);
  for (std::int64_t v = 0; v < V; ++v) {
    const sum_t p = std::exp(static_cast<sum_t>(logits[v]) - high) / sum;
    logits[v] = static_cast<scalar_t>(weight * (p - (v == target ? 1 : 0)));
  }
  return loss;
}

}  // namespace

void cross_entropy(Tensor& logits_RV, const Tensor& targets_R, const Tensor& weights_R, Tensor& loss_R,
                   Tensor& correct_R) {
  const std::int64_t V = logits_RV.size(1);
  const auto* targets = targets_R.const_data_ptr<std::int64_t>();
  auto* correct = correct_R.mutable_data_ptr<std::uint8_t>();
  FILM_DISPATCH(logits_RV, "cross_entropy", [&] {
    auto* logits = logits_RV.mutable_data_ptr<scalar_t>();
    const auto* weights = weights_R.const_data_ptr<sum_t>();
    auto* loss = loss_R.mutable_data_ptr<sum_t>();
    at::parallel_for(0, logits_RV.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r)
        loss[r] = entropy_row<sum_t>(logits + r * V, V, targets[r], weights[r], correct[r]);
    });
  });
}

}  // namespace film::kernels
