// Numbers and formulas taken from written answers, as lm-evaluation-harness and the authors of MATH do.
#include <gtest/gtest.h>

#include "scores/harness_numbers.h"
#include "scores/math_answer.h"

namespace film::scores {
namespace {

TEST(HarnessNumbers, TheLastAndTheMarkedOne) {
  struct Case {
    const char *output, *reference;
    double last, marked;
  };
  const Case cases[] = {
      {"so 5 + 13 = 18\n#### 18", "7 + 11 = 18\n#### 18", 1, 1},
      {"The total is $1,234.", "#### 1234", 1, 0},
      {"#### -12 of 30", "#### -12", 0, 1},  // the last number is 30
      {"it is 7", "7", 1, 0},
      {"it is 7.", "#### 7", 1, 0},   // one digit and a full stop are an amount: "7."
      {"it is 7..", "#### 7", 0, 0},  // and here "7..", of which one goes
      {"no number", "#### 3", 0, 0},
      {"####18", "#### 18", 1, 0},
      {"#### 9 #### 8", "#### 9", 0, 1},
      {"#### x #### 8", "#### 8", 1, 1},
      {"a - b is -4", "#### -4", 1, 0},
      {"minus--15", "#### -15", 1, 0},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(last_number(c.output, {c.reference}), c.last) << c.output;
    EXPECT_EQ(marked_number(c.output, {c.reference}), c.marked) << c.output;
  }
}

TEST(MathAnswer, OneFormulaHasOneForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"\\dfrac12", "\\frac{1}{2}"},
      {"\\tfrac{3}4", "\\frac{3}4"},
      {"\\frac1{72}", "\\frac{1}{72}"},
      {"0.5", "\\frac{1}{2}"},
      {"3/8", "\\frac{3}{8}"},
      {"03/8", "03/8"},
      {"\\sqrt3 + \\sqrt{5}", "\\sqrt{3}+\\sqrt{5}"},
      {"x = 12", "12"},
      {"abc = 12", "abc=12"},
      {".75", "0.75"},
      {"30^\\circ", "30"},
      {"12\\text{ inches}", "12"},
      {"\\left( 1, 2 \\right)", "(1,2)"},
      {"40\\%", "40"},
      {"\\$ 7", "7"},
  };
  for (const auto& [text, plain] : cases) EXPECT_EQ(plain_formula(text), plain) << text;
  for (const char* refused : {"a\\sqrt", "2\\frac", "1\\text{ a}\\text{ b}"})
    EXPECT_FALSE(plain_formula(refused)) << refused;
}

TEST(MathAnswer, IsBehindItsWordsOrInItsBox) {
  EXPECT_EQ(boxed("so \\boxed{1} or \\boxed{\\frac{a}{b}}."), "\\frac{a}{b}");
  EXPECT_EQ(boxed("\\fbox{3}"), "3");
  EXPECT_FALSE(boxed("\\boxed{1"));
  EXPECT_FALSE(boxed("nothing"));
  const std::string reference = "Thus $x=\\boxed{\\frac{1}{2}}$.";
  EXPECT_EQ(math_answer("We add. The answer is $\\frac12$.", {reference}), 1);
  EXPECT_EQ(math_answer("It is \\boxed{0.5}", {reference}), 1);
  EXPECT_EQ(math_answer("The answer is \\boxed{1/2}.\n\nQuestion: what? The answer is 3.", {reference}), 1);
  EXPECT_EQ(math_answer("The answer is 2.", {reference}), 0);
  EXPECT_EQ(math_answer("", {reference}), 0);
  EXPECT_EQ(math_answer("The answer is 1,234", {"\\boxed{1234}"}), 1) << "the reference has no comma";
  EXPECT_EQ(math_answer("The answer is (1,2)", {"\\boxed{(1,2)}"}), 1);
}

}  // namespace
}  // namespace film::scores
