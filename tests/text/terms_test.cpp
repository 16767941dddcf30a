#include "film/text/terms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace film::text {
namespace {

TEST(Terms, AreTheWordsWhateverTheirCaseOrderAndNumber) {
  const struct {
    std::string one, other;
  } same[] = {{"The ferry; the lamps!", "lamps (ferry) THE"},
              {"Ärger über Äpfel", "äpfel, ärger ÜBER"},
              {"灯塔在海边。", "海边在灯塔"},
              {"a-b a b", "B. a"},
              {"", " \n—"}};
  for (const auto& [one, other] : same) EXPECT_EQ(terms_of(one), terms_of(other)) << one;
  EXPECT_EQ(terms_of("tide after tide after tide").size(), 2u);
  EXPECT_TRUE(std::ranges::is_sorted(terms_of("some words that stand in no order at all")));
  EXPECT_NE(terms_of("harbour"), terms_of("harbours"));
}

TEST(Terms, RareOnesWeighMore) {
  EXPECT_GT(term_weight(1000, 1), term_weight(1000, 2));
  EXPECT_GT(term_weight(1000, 900), term_weight(1000, 1000));
  EXPECT_DOUBLE_EQ(term_weight(1000, 1000), 0);
  EXPECT_DOUBLE_EQ(term_weight(0, 0), 0);
}

}  // namespace
}  // namespace film::text
