// AdamW against torch's own, and split masters against fp32 masters.
#include <ATen/ops/_fused_adamw.h>
#include <gtest/gtest.h>

#include "film/kernels/kernels.h"

namespace film {
namespace {

using at::Tensor;

TEST(AdamW, EqualsTorch) {
  at::manual_seed(5);
  Tensor w = at::randn({1031}), m = at::zeros({1031}), v = at::zeros({1031});
  Tensor tw = w.clone(), tm = m.clone(), tv = v.clone(), count = at::zeros({}, at::kFloat);
  for (std::int64_t t = 1; t <= 50; ++t) {
    const Tensor g = at::randn({1031}) * at::exp(3 * at::randn({1031}));
    kernels::adamw(w, g, m, v, {3e-3, 0.9, 0.999, 1e-8, 0.1, 0.5, t});
    count += 1;
    std::vector<Tensor> ws = {tw}, gs = {g * 0.5}, ms = {tm}, vs = {tv}, none, steps = {count};
    at::_fused_adamw_(ws, gs, ms, vs, none, steps, 3e-3, 0.9, 0.999, 0.1, 1e-8, false, false);
  }
  EXPECT_LT((w - tw).abs().max().item<double>(), 2e-6);
  EXPECT_LT(((v - tv).abs() / (tv + 1e-12)).max().item<double>(), 5e-5);  // fp32 over 50 steps
}

// A thousand steps on split masters are a thousand steps on fp32 masters, bit for bit. At the paper's
// learning rate plain bf16 weights would stand still: their share is measured and recorded.
TEST(AdamW, SplitMastersEqualFp32Masters) {
  at::manual_seed(6);
  constexpr std::int64_t kSize = 4099;
  Tensor master = at::randn({kSize}) * 0.02, m = at::zeros({kSize}), v = at::zeros({kSize});
  Tensor high = at::empty({kSize}, at::kBFloat16), low = at::empty({kSize}, at::kShort), sm = m.clone(),
         sv = v.clone(), joined = at::empty({kSize});
  kernels::split_master(master, high, low);
  const Tensor start = high.clone();
  double still = 0;
  for (std::int64_t t = 1; t <= 1000; ++t) {
    const Tensor g = at::randn({kSize}) * 1e-3;
    const kernels::AdamStep step{1e-6, 0.9, 0.999, 1e-8, 0.01, 0.7, t};
    if (t == 1) {  // what one step would do to weights that are bf16 alone
      Tensor alone = high.to(at::kFloat), am = m.clone(), av = v.clone();
      kernels::adamw(alone, g, am, av, step);
      still = (alone.to(at::kBFloat16) == high).to(at::kDouble).mean().item<double>();
    }
    kernels::adamw(master, g, m, v, step);
    kernels::adamw_split(high, low, g, sm, sv, step);
  }
  kernels::join_master(high, low, joined);
  EXPECT_TRUE(at::equal(joined, master));
  EXPECT_TRUE(at::equal(sm, m));
  EXPECT_TRUE(at::equal(sv, v));
  EXPECT_FALSE(at::equal(high, start)) << "nothing moved: the test shows nothing";
  EXPECT_GT(still, 0.95);
  RecordProperty("percent_that_bf16_alone_would_not_move", std::to_string(100 * still));
}

}  // namespace
}  // namespace film
