// The random order without memory is a bijection and differs from pass to pass.
#include "contexts/permutation.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "contexts/statistics.h"

namespace film::contexts {
namespace {

TEST(KeyedPermutation, IsABijection) {
  for (std::uint64_t n = 1; n <= 300; ++n) {
    const KeyedPermutation order(n, 1, "test", n);
    std::set<std::uint64_t> seen;
    for (std::uint64_t i = 0; i < n; ++i) {
      EXPECT_LT(order(i), n);
      seen.insert(order(i));
    }
    ASSERT_EQ(seen.size(), n);
  }
}

TEST(KeyedPermutation, DependsOnItsKey) {
  const KeyedPermutation a(1000, 1, "test", 0), b(1000, 1, "test", 1), c(1000, 2, "test", 0),
      d(1000, 1, "other", 0);
  int same = 0;
  for (std::uint64_t i = 0; i < 1000; ++i)
    same += (a(i) == b(i)) + (a(i) == c(i)) + (a(i) == d(i)) + (a(i) == i);
  EXPECT_LT(same, 25);
}

TEST(KeyedPermutation, PutsEachNumberAnywhere) {
  std::vector<double> places(20), expected(20, 250);
  for (std::uint64_t item = 0; item < 5000; ++item) ++places[KeyedPermutation(20, 3, "test", item)(7)];
  EXPECT_GT(chi_square(places, expected).p, 1e-4);
}

TEST(ChiSquare, KnowsTextbookValues) {
  // 15 degrees of freedom: 24.996 is the 5 % point, 30.578 the 1 % point.
  const auto p_of = [](double statistic) {
    std::vector<double> expected(16, 100), observed(16, 100);
    observed[0] += std::sqrt(statistic * 100 / 2);
    observed[1] -= std::sqrt(statistic * 100 / 2);
    return chi_square(observed, expected).p;
  };
  EXPECT_NEAR(p_of(24.996), 0.05, 0.002);
  EXPECT_NEAR(p_of(30.578), 0.01, 0.001);
  EXPECT_EQ(chi_square({5, 0}, {5, 0}).degrees, 0u);  // bins that expect nothing do not count
}

}  // namespace
}  // namespace film::contexts
