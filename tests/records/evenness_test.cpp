// What a chi-square test says, in words.
#include "film/records/evenness.h"

#include <gtest/gtest.h>

namespace film {
namespace {

TEST(Evenness, NoChanceIsSaidToBeZero) {
  const struct {
    double p;
    const char* text;
  } rows[] = {{0, "p < 0.001"},
              {1e-9, "p < 0.001"},
              {0.00099, "p < 0.001"},
              {0.001, "p = 0.001"},
              {0.25, "p = 0.250"}};
  for (const auto& row : rows) EXPECT_EQ(chance_text(row.p), row.text);
  EXPECT_EQ(test_numbers({17.25, 9, 0.0004}), "chi-square 17.2 with 9 degrees of freedom, p < 0.001");
}

TEST(Evenness, VerdictOfLengths) {
  LengthHistogram lengths{1000, 1999, 1000, 1999, std::vector<double>(10, 5), {}};
  EXPECT_EQ(length_verdict(lengths, 90), "even") << "not tested";
  const struct {
    double p, segment;
    const char* verdict;
  } rows[] = {{0.5, 90, "even"},
              {0.01, 90, "even"},
              {0.004, 20, "not even"},
              {0.004, 90, "as even as steps of about 90 tokens, one segment, allow"}};
  for (const auto& row : rows) {
    lengths.chi_square = ChiSquare{30, 9, row.p};
    EXPECT_EQ(length_verdict(lengths, row.segment), row.verdict) << row.p;
  }
}

TEST(Evenness, VerdictOfSlots) {
  EXPECT_EQ(slot_verdict({{}, {}, ChiSquare{3, 9, 0.96}}), "even");
  EXPECT_EQ(slot_verdict({{}, {}, ChiSquare{3, 9, 0.011}}), "even");
  EXPECT_EQ(slot_verdict({{}, {}, ChiSquare{80, 9, 1e-12}}), "not even");
  EXPECT_EQ(slot_verdict({{}, {}, std::nullopt}), "as contexts.position_weights say");
}

}  // namespace
}  // namespace film
