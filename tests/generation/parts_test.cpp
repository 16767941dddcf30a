// Parts of attention: each call against the products written out, and against one softmax over all keys.
#include "generation/parts.h"

#include <gtest/gtest.h>

#include <limits>

namespace film::generation {
namespace {

struct Case {
  Tensor q, key, value;  // five rows, cache of six sequences
  OwnKeys keys;
  OwnPlan plan;
};

// Rows of five of six sequences with 1 to L keys, grouped heads; behind them the cache is garbage.
Case made_case(std::int64_t L, at::ScalarType type, std::int64_t window = 0) {
  at::manual_seed(3);
  const std::int64_t capacity = L + 3;
  Case c{at::randn({5, 6, 8}).to(type),
         at::randn({6, capacity, 2, 8}).to(type),
         at::randn({6, capacity, 2, 8}).to(type),
         {{0, 2, 3, 4, 5}, {}, window},
         {}};
  for (std::int64_t i = 0; i < 5; ++i) c.keys.used.push_back(1 + i * (L - 1) / 4);
  c.plan = own_plan(c.keys, 6, capacity, c.q.options());
  return c;
}

// What the arguments of a call over sequences of different lengths say, written out row by row in fp64.
Part by_lengths(const Case& c) {
  Part part{at::empty({5, 6, 8}, at::kDouble), at::empty({5, 6}, at::kDouble)};
  const Tensor key = c.key.flatten(0, 1).to(at::kDouble), value = c.value.flatten(0, 1).to(at::kDouble);
  for (std::int64_t i = 0; i < 5; ++i) {
    const std::int64_t used = c.plan.used[i].item<std::int64_t>(),
                       seen = c.plan.window > 0 ? std::min(used, c.plan.window) : used,
                       begin = c.plan.begins[i].item<std::int64_t>() + used - seen;
    for (std::int64_t head = 0; head < 6; ++head) {
      const Tensor scores =
          at::mv(key.narrow(0, begin, seen).select(1, head / 3), c.q[i][head].to(at::kDouble)) /
          std::sqrt(8.0);
      part.out_QNH[i][head].copy_(
          at::mv(value.narrow(0, begin, seen).select(1, head / 3).t(), scores.softmax(0)));
      part.lse_QN[i][head] = scores.logsumexp(0);
    }
  }
  return part;
}

void expect_near(const Part& a, const Part& b, double tolerance) {
  EXPECT_TRUE(at::allclose(a.out_QNH.to(at::kDouble), b.out_QNH.to(at::kDouble), tolerance, tolerance));
  EXPECT_TRUE(at::allclose(a.lse_QN.to(at::kDouble), b.lse_QN.to(at::kDouble), tolerance, tolerance));
}

// A GPU's call takes begins, used and window; the others take the mask: all are the same attention.
TEST(OwnAttention, MaskAndLengthsSayTheSame) {
  for (const std::int64_t window : {0, 1, 4, 600})
    for (const std::int64_t L : {1, 5, 700})
      for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
        SCOPED_TRACE(::testing::Message() << "window " << window << ", " << L << " keys, " << type);
        const Case c = made_case(L, type, window);
        const double tolerance = type == at::kFloat ? 1e-5 : 2e-2;
        const Part expected = by_lengths(c), plain = attend_own_unfused(c.q, c.key, c.value, c.plan);
        expect_near(attend_own(c.q, c.key, c.value, c.plan), expected, tolerance);
        expect_near(plain, expected, tolerance);
        EXPECT_EQ(plain.lse_QN.scalar_type(), at::kFloat);
      }
}

TEST(OwnAttention, AllSequencesNeedNoCopy) {
  const OwnKeys keys{{0, 1}, {3, 2}, 0};
  EXPECT_FALSE(own_plan(keys, 2, 4, at::TensorOptions(at::kFloat)).which.defined());
  EXPECT_TRUE(own_plan(keys, 3, 4, at::TensorOptions(at::kFloat)).which.defined());
}

// Rows that see 40 keys together, merged with 9 more: as one softmax over 49.
TEST(SharedAttention, MergedPartsAreOneSoftmax) {
  at::manual_seed(8);
  for (const std::int64_t groups : {1, 2, 4, 8})
    for (const std::int64_t rows : {1, 3, 70}) {
      SCOPED_TRACE(::testing::Message() << groups << " query heads to a key head, " << rows << " rows");
      const Tensor q = at::randn({rows, 2 * groups, 8}), key = at::randn({49, 2, 8}),
                   value = at::randn({49, 2, 8});
      Part part = attend_shared(q, key.narrow(0, 0, 40), value.narrow(0, 0, 40));
      merge(part, attend_shared(q, key.narrow(0, 40, 9), value.narrow(0, 40, 9)));
      const Tensor wide_key = key.repeat_interleave(groups, 1).transpose(0, 1),
                   wide_value = value.repeat_interleave(groups, 1).transpose(0, 1),
                   scores = at::bmm(q.transpose(0, 1), wide_key.transpose(1, 2)) / std::sqrt(8.0);
      expect_near(part, {at::bmm(scores.softmax(2), wide_value).transpose(0, 1), scores.logsumexp(2).t()},
                  1e-5);
    }
}

}  // namespace
}  // namespace film::generation
