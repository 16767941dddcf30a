#include "film/base/fill_template.h"

#include <gtest/gtest.h>

namespace film {
namespace {

TEST(FillTemplate, ReplacesEveryPlaceOnce) {
  EXPECT_EQ(fill_template("{a} and {a}, {b}", "a", "x{a}"), "x{a} and x{a}, {b}");
}

TEST(FillTemplate, LeavesTheRestAlone) {
  EXPECT_EQ(fill_template("{ab} {a a} {", "a", "x"), "{ab} {a a} {");
  EXPECT_EQ(fill_template("{a}{a}", "a", ""), "");
  EXPECT_EQ(fill_template("", "a", "x"), "");
}

TEST(FillTemplate, FillsSeveralAtOnceAndNoneInAValue) {
  const TemplateValues values = {{"{a}", "{b}"}, {"{b}", "{a}"}};
  EXPECT_EQ(fill_template("{a}{b}, {c} {a", values), "{b}{a}, {c} {a");
  EXPECT_EQ(fill_template("{a}", TemplateValues()), "{a}");
}

}  // namespace
}  // namespace film
