// The fused call and the unfused products against each other, and against one softmax written out.
#include "generation/own_attention.h"

#include <gtest/gtest.h>

#include <limits>

namespace film::generation {
namespace {

struct Case {
  Tensor q, key, value, mask;
};

// Five sequences of 1 to L keys, grouped heads.
Case made_case(std::int64_t L, at::ScalarType type) {
  at::manual_seed(3);
  Case c{at::randn({5, 6, 8}), at::randn({5, L, 2, 8}), at::randn({5, L, 2, 8}), at::zeros({5, L})};
  for (std::int64_t i = 0; i < 5; ++i)
    c.mask[i]
        .narrow(0, 1 + i * (L - 1) / 4, L - 1 - i * (L - 1) / 4)
        .fill_(-std::numeric_limits<float>::infinity());
  return {c.q.to(type), c.key.to(type), c.value.to(type), c.mask.to(type)};
}

TEST(OwnAttention, FusedEqualsUnfused) {
  for (const std::int64_t L : {5, 700})
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
      const Case c = made_case(L, type);
      const OwnAttention fused = attend_own(c.q, c.key, c.value, c.mask),
                         plain = attend_own_unfused(c.q, c.key, c.value, c.mask);
      const double tolerance = type == at::kFloat ? 1e-5 : 2e-2;
      EXPECT_TRUE(at::allclose(fused.out_QNH, plain.out_QNH, tolerance, tolerance)) << L << " " << type;
      EXPECT_TRUE(at::allclose(fused.lse_QN, plain.lse_QN, tolerance, tolerance)) << L << " " << type;
      EXPECT_EQ(plain.lse_QN.scalar_type(), at::kFloat);
    }
}

TEST(OwnAttention, OneSequenceByHand) {
  const Case c = made_case(4, at::kFloat);
  const Tensor scores =
      at::matmul(c.key[4].select(1, 1), c.q[4][5]) / std::sqrt(8.0);  // head 5 reads key head 1
  const Tensor expected = at::matmul(scores.softmax(0), c.value[4].select(1, 1));
  const OwnAttention own = attend_own(c.q, c.key, c.value, c.mask);
  EXPECT_TRUE(at::allclose(own.out_QNH[4][5], expected, 1e-5, 1e-6));
  EXPECT_NEAR(own.lse_QN[4][5].item<double>(), scores.logsumexp(0).item<double>(), 1e-5);
}

}  // namespace
}  // namespace film::generation
