#include "scores/longbench.h"

#include <gtest/gtest.h>

#include "scores/sequence_ratio.h"

namespace film::scores {
namespace {

struct Case {
  const char* name;
  std::string output;
  std::vector<std::string> answers;
  double score;
};

TEST(LongBenchRules, ShareOfNumbers) {
  for (const Case& c : std::vector<Case>{{"one", "Paragraph 12", {"Paragraph 12"}, 1},
                                         {"of three", "7, 12 or 30", {"Paragraph 12"}, 1.0 / 3},
                                         {"twice", "段落4。段落4", {"段落4"}, 1},
                                         {"digits of a longer one", "112", {"12"}, 0},
                                         {"none", "the first", {"1"}, 0},
                                         {"a count", "There are 9.", {"9"}, 1}})
    EXPECT_DOUBLE_EQ(share_of_numbers(c.output, c.answers), c.score) << c.name;
}

TEST(LongBenchRules, AClassIsNamedInTheFirstLine) {
  for (const Case& c : std::vector<Case>{
           {"right", "\n\n体育\n财经", {"体育", "体育", "财经"}, 1},
           {"in a later line", "别的\n体育", {"体育", "体育", "财经"}, 0},
           {"two are named", "体育 or 财经", {"体育", "体育", "财经"}, 0.5},
           {"part of the answer", "river boat", {"river boat", "boat", "river boat", "bridge"}, 1},
           // The original walks over a list from which it removes: of two parts in a row the second stays.
           {"two parts of the answer",
            "old river boat",
            {"old river boat", "old", "boat", "old river boat"},
            0.5}})
    EXPECT_DOUBLE_EQ(named_class(c.output, c.answers), c.score) << c.name;
}

TEST(LongBenchRules, OnlyTheFirstLineCounts) {
  EXPECT_EQ(first_line_f1("\nsea wall\nand more", {"sea wall"}), 1);
  EXPECT_EQ(first_line_f1("", {"sea"}), 0);
  EXPECT_GT(first_line_rouge_l("sea wall", {"sea wall"}), 0.99);
  EXPECT_EQ(first_line_rouge_l("tide\nsea wall", {"sea wall"}), 0);
}

TEST(SequenceRatio, Vectors) {
  EXPECT_EQ(sequence_ratio("abcd", "bcde"), 0.75);
  EXPECT_EQ(sequence_ratio("The quick brown fox", "The quack brown fix"), 0.8947368421052632);
  EXPECT_EQ(sequence_ratio("aab", "abab"), 0.5714285714285714);
  EXPECT_EQ(sequence_ratio("", ""), 1);
  EXPECT_EQ(sequence_ratio("", "a"), 0);
  EXPECT_EQ(sequence_ratio("häfen", "hafen"), 0.8) << "characters, not bytes";
}

TEST(SequenceRatio, ThePrefixMustBeThere) {
  EXPECT_EQ(prefixed_ratio("Xq7the sea", {"Xq7the sea", "Xq7"}), 1);
  EXPECT_EQ(prefixed_ratio("the sea", {"Xq7the sea", "Xq7"}), 0);
  EXPECT_EQ(prefixed_ratio("xq7the sea", {"Xq7the sea", "Xq7"}), 0);
  EXPECT_EQ(prefixed_ratio("Xq7abcd", {"Xq7bcde", "Xq7"}), 0.75);
  EXPECT_EQ(prefixed_ratio("abcd", {"bcde"}), 0.75) << "without a prefix";
}

}  // namespace
}  // namespace film::scores
