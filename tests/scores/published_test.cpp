// Rules by which published tables score: ROUGE-L, the first paragraph, the first letter, the final number.
#include "scores/published.h"

#include <gtest/gtest.h>

#include <string>

#include "scores/arithmetic.h"
#include "scores/rouge.h"

namespace film::scores {
namespace {

// What the package rouge 1.0.1 gives for each pair.
TEST(RougeL, IsThePackagesToTheLastBit) {
  const struct {
    const char *output, *reference;
    double f;
  } cases[] = {
      {"the mill burned down. nobody was hurt", "the mill burned. nobody was hurt by it.",
       0.7999999950222222},
      {"a b c d", "d c b a", 0.24999999500000009},  // of equally long ones the package's
      {"x y x y z", "x z y", 0.6666666616666668},
      {"Rate rose 3.5 percent", "rate rose 3.5 percent", 0.7999999950000002},  // the point ends a sentence
      {" . left", "left. right", 0.4999999950000001},  // a blank sentence is one empty word
      {"one two\nthree four", "one two three five", 0.749999995},
      {"..", "a b", 0.0},
      {"", "a", 0.0},
      {"a a a. a", "a b. a a", 0.6666666622222223},
      {"caf\xC3\xA9\xC2\xA0"
       "au lait",
       "caf\xC3\xA9 au lait", 0.999999995},
      {"p q r s t u", "q p s r u t. p q", 0.6666666616666668},
      {"no overlap here", "completely different", 0.0},
  };
  for (const auto& [output, reference, f] : cases) EXPECT_EQ(rouge_l_f(output, reference), f) << output;
  EXPECT_EQ(best_rouge_l("left", {"right", "left"}), rouge_l_f("left", "left"));
}

TEST(RougeL, SentencesOnWhichThePackageGivesUpAreScored) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "w" + std::to_string(i) + " ";
  EXPECT_NEAR(rouge_l_f(text, text), 1, 1e-8);
}

TEST(Published, TheFirstParagraphAloneIsScored) {
  EXPECT_EQ(first_paragraph_f1("Oslo\n\nIt is in Norway.", {"oslo"}), 1);
  EXPECT_EQ(first_paragraph_f1("Oslo\nNorway", {"oslo"}), 2.0 / 3);
  EXPECT_EQ(first_paragraph_f1("\n\nOslo", {"oslo"}), 0);
}

TEST(Published, TheFirstLetterIsTheChoice) {
  EXPECT_EQ(first_letter(" C: a barn", {"C"}), 1);
  EXPECT_EQ(first_letter(": B or C", {"C"}), 0);
  EXPECT_EQ(first_letter("hm, I say E", {"A", "E"}), 1);
  EXPECT_EQ(first_letter("none of them", {"A"}), 1) << "without a letter it is A";
}

TEST(Published, TheFinalNumber) {
  const struct {
    const char* output;
    std::optional<double> number;
  } cases[] = {
      {"2 + 2 = 4. The answer is 4.", 4},
      {"The answer is: $1,250.50.", 1250.5},
      {"The answer is 7.\n\nQuestion: How many? The answer is 9.", 7},
      {"The answer is 3. No: the answer is 5", 5},
      {"The answer is x=12km", 12},
      {"The answer is <<6*7=42>>42", 42},
      {"The answer is 6*7", 42},
      {"The answer is 30%", 30},
      {"The answer is 100.\n\nSo there", 100},
      {"The answer is 12:30", 12},
      {"It is 4", std::nullopt},
      {"", std::nullopt},
      {"The answer is ", std::nullopt},
      {"The answer is none", std::nullopt},
      {"The answer is 1/0", std::nullopt},
  };
  for (const auto& [output, number] : cases) EXPECT_EQ(number_in(output), number) << output;
  EXPECT_EQ(final_number("The answer is 1200", {"half of it is 600\n#### 1,200"}), 1);
  EXPECT_EQ(final_number("The answer is 12", {"1,200"}), 0);
}

TEST(Published, AllOfGivesShares) {
  EXPECT_EQ(all_of("Alpha and BETA", {"alpha", "beta", "gamma", "delta"}), 0.5);
  EXPECT_EQ(all_of("", {"alpha"}), 0);
  EXPECT_EQ(all_of("gammas", {"gamma"}), 1);
}

TEST(Arithmetic, IsPythons) {
  const struct {
    const char* text;
    std::optional<double> value;
  } cases[] = {
      {"16-3-4", 9},        {"2+3*4", 14},         {"(2+3)*4", 20},         {"-2**2", -4},
      {"2**3**2", 512},     {"7//2", 3},           {"-7//2", -4},           {"1.5*2", 3},
      {"--4", 4},           {"2*-3", -6},          {"010+1", std::nullopt}, {"4+", std::nullopt},
      {"(1", std::nullopt}, {"5/0", std::nullopt}, {"1.2.3", std::nullopt}, {"", std::nullopt},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(value_of(text), value) << text;
  EXPECT_FALSE(value_of(std::string(100'000, '(') + "1")) << "nesting is bounded";
}

TEST(StatedChoice, IsBehindItsWords) {
  const std::pair<const char*, double> cases[] = {
      {"The correct answer is (B).", 1},
      {"**The correct answer is (*B*)**", 1},
      {"The correct answer is B", 1},
      {"The correct answer is C, or: The correct answer is (B)", 1},
      {"The correct answer is (b)", 0},
      {"The correct answer is (E). The correct answer is (A)", 0},
      {"It is B", 0},
      {"", 0}};
  for (const auto& [output, score] : cases) EXPECT_EQ(stated_choice(output, {"B"}), score) << output;
}

TEST(RougeL, OfScriptsWithoutBlanks) {
  EXPECT_EQ(best_rouge_l("\u6211\u4eec\u5728\u5317\u4eac\u5f00\u4f1a",
                         {"\u6211\u4eec\u5728\u4e0a\u6d77\u5f00\u4f1a"}),
            0);
  const double f = best_rouge_l_of_words("\u6211\u4eec\u5728\u5317\u4eac\u5f00\u4f1a",
                                         {"\u6211\u4eec\u5728\u4e0a\u6d77\u5f00\u4f1a"});
  EXPECT_NEAR(f, 0.75, 1e-6) << "three of four words";
  EXPECT_EQ(best_rouge_l_of_words("plain words", {"plain words"}),
            best_rouge_l("plain words", {"plain words"}));
}

}  // namespace
}  // namespace film::scores
