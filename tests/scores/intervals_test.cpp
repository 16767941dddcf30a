#include "scores/intervals.h"

#include <gtest/gtest.h>

#include <cmath>

#include "film/base/random.h"

namespace film::scores {
namespace {

// R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3 (Wilson's
// score without correction).
TEST(Wilson, MatchesPublishedValues) {
  const struct {
    double x, n, low, high;
  } rows[] = {
      {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0.0000, 0.1611}, {1, 29, 0.0061, 0.1718}};
  for (const auto& row : rows) {
    const Interval i = wilson(row.x / row.n, row.n);
    EXPECT_NEAR(i.low, row.low, 5e-5) << row.x;
    EXPECT_NEAR(i.high, row.high, 5e-5) << row.x;
  }
}

TEST(Wilson, EndsAndEmptiness) {
  EXPECT_EQ(wilson(0, 50).low, 0);
  EXPECT_EQ(wilson(1, 50).high, 1);
  EXPECT_GT(wilson(1, 50).low, 0.92);
  EXPECT_EQ(wilson(0.5, 0).high, 1);
  EXPECT_EQ(wilson(0.5, 0).low, 0);
}

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0), 1);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 1), 4);
  EXPECT_DOUBLE_EQ(quantile({10, 20}, 0.25), 12.5);
}

TEST(Bootstrap, IsCloseToTheNormalIntervalAndSeeded) {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back((i % 20) / 19.0);
  double squares = 0;
  for (const double v : values) squares += (v - 0.5) * (v - 0.5);
  const double half = 1.96 * std::sqrt(squares / 400 / 400);
  const Interval i = bootstrap_mean(values, 4000, 7, "t");
  EXPECT_NEAR(i.low, 0.5 - half, 0.004);
  EXPECT_NEAR(i.high, 0.5 + half, 0.004);
  const Interval same = bootstrap_mean(values, 4000, 7, "t"), other = bootstrap_mean(values, 4000, 8, "t");
  EXPECT_EQ(i.low, same.low);
  EXPECT_NE(i.low, other.low);
}

// R. G. Newcombe, Statistics in Medicine 17 (1998) 2635, method 10.
TEST(PairedDifference, MatchesPublishedValues) {
  const Interval a = paired_difference({36, 2, 12, 0}), b = paired_difference({20, 2, 12, 16});
  EXPECT_NEAR(a.low, 0.0569, 5e-5);
  EXPECT_NEAR(a.high, 0.3404, 5e-5);
  EXPECT_NEAR(b.low, 0.0562, 5e-5);
  EXPECT_NEAR(b.high, 0.3292, 5e-5);
}

TEST(PairedDifference, HasWidthWherePairsAgreeAndMirrors) {
  const Interval all = paired_difference({0, 0, 40, 0});  // none before, all after
  EXPECT_LT(all.low, 0.90);
  EXPECT_GT(all.low, 0.80);
  EXPECT_EQ(all.high, 1);
  const Interval same = paired_difference({20, 0, 0, 20});
  EXPECT_LT(same.low, 0);
  EXPECT_NEAR(same.low, -same.high, 1e-12);
  const Interval up = paired_difference({20, 3, 12, 15}), down = paired_difference({20, 12, 3, 15});
  EXPECT_NEAR(up.low, -down.high, 1e-12);
  EXPECT_NEAR(up.high, -down.low, 1e-12);
  EXPECT_EQ(paired_difference({}).low, -1);
}

TEST(PairedDifference, CoversTheTruthAboutNineteenTimesInTwenty) {
  const double both = 0.45, before = 0.05, after = 0.2;  // the truth: +0.15
  int covered = 0;
  constexpr int kTrials = 4000;
  for (int t = 0; t < kTrials; ++t) {
    Random random(3, "coverage", static_cast<std::uint64_t>(t));
    PairedCounts c;
    for (int i = 0; i < 80; ++i) {
      const double u = random.uniform();
      (u < both                    ? c.both
       : u < both + before         ? c.only_before
       : u < both + before + after ? c.only_after
                                   : c.neither) += 1;
    }
    const Interval i = paired_difference(c);
    covered += i.low <= after - before && after - before <= i.high;
  }
  EXPECT_NEAR(covered / static_cast<double>(kTrials), 0.955, 0.015);
}

}  // namespace
}  // namespace film::scores
