// Cohen's kappa and its interval against published and independently computed values.
#include "film/scores/agreement.h"

#include <gtest/gtest.h>

namespace film::scores {
namespace {

using Table = std::vector<std::vector<std::uint64_t>>;  // [person][judge]

Agreement of(const Table& table) {
  std::vector<std::string> words;
  std::vector<std::pair<std::size_t, std::size_t>> verdicts;
  for (std::size_t i = 0; i < table.size(); ++i) words.push_back("v" + std::to_string(i));
  for (std::size_t i = 0; i < table.size(); ++i)
    for (std::size_t j = 0; j < table.size(); ++j) verdicts.insert(verdicts.end(), table[i][j], {i, j});
  return agreement(words, verdicts);
}

struct Known {
  const char* from;
  Table table;
  double agreed, kappa, low, high;
};

// Intervals: kappa -+ 1.96 standard errors, the latter by the delta method with numerical derivatives.
TEST(AgreementTest, KappaAndItsIntervalAreThePublishedOnes) {
  const std::vector<Known> known = {
      {"Fleiss, Cohen and Everitt 1969: .429, variance .00288",
       {{106, 10, 4}, {22, 28, 10}, {2, 12, 6}},
       70,
       0.428571,
       0.323291,
       0.533852},
      {"Fleiss, Levin and Paik 2003, table 18.1: .68",
       {{75, 1, 4}, {5, 4, 1}, {0, 0, 10}},
       89,
       0.676471,
       0.504576,
       0.848365},
      {"the usual example of 50 pairs", {{20, 5}, {10, 15}}, 70, 0.4, 0.151092, 0.648908},
      {"sklearn.metrics.cohen_kappa_score, its example",
       {{2, 0, 0}, {0, 1, 0}, {1, 0, 1}},
       80,
       0.6875,
       0.155965,
       1},
      {"same agreement, other margins", {{45, 15}, {25, 15}}, 60, 0.130435, -0.062938, 0.323808},
      {"never the same", {{0, 7}, {9, 0}}, 0, -0.969231, -1, -0.733578}};
  for (const Known& row : known) {
    const Agreement found = of(row.table);
    EXPECT_NEAR(found.agreed, row.agreed, 1e-9) << row.from;
    EXPECT_NEAR(found.kappa, row.kappa, 1e-6) << row.from;
    EXPECT_NEAR(found.kappa_low, row.low, 1e-5) << row.from;
    EXPECT_NEAR(found.kappa_high, row.high, 1e-5) << row.from;
    EXPECT_EQ(found.table, row.table) << row.from;
  }
}

// A few that all agree show little: the interval is that of Wilson, 1.96^2 / (n + 1.96^2) wide, in units of kappa.
TEST(AgreementTest, FullAgreementOfAFewHasAWideInterval) {
  for (const std::uint64_t n : {4, 10, 50}) {
    const Agreement found = of({{n, 0}, {0, n}});
    EXPECT_EQ(found.kappa, 1);
    EXPECT_NEAR(1 - found.kappa_low, 2 * 3.8414588 / (2.0 * static_cast<double>(n) + 3.8414588), 1e-6) << n;
    EXPECT_EQ(found.kappa_high, 1);
    EXPECT_EQ(found.high, 100);
  }
}

TEST(AgreementTest, WhereChanceAgreesAlwaysKappaSaysNothing) {
  for (const Table& table : {Table{{9, 0}, {0, 0}}, Table{{0, 0}, {0, 3}}, Table{{0, 0}, {0, 0}}}) {
    const Agreement found = of(table);
    EXPECT_EQ(found.kappa, 0);
    EXPECT_EQ(found.kappa_low, -1);
    EXPECT_EQ(found.kappa_high, 1);
  }
}

}  // namespace
}  // namespace film::scores
