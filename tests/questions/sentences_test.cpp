// Sentences, words and whole-word occurrences.
#include "film/questions/sentences.h"

#include <gmock/gmock.h>

namespace film::questions {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Flatten, MakesWhiteSpacePlain) {
  EXPECT_EQ(flatten("  a\n b\t\tc \n"), "a b c");
  EXPECT_EQ(flatten("a\n\nb"), "a\nb");
  EXPECT_EQ(flatten("a\n   \n\n b"), "a\nb");
  EXPECT_EQ(flatten(" \n\n "), "");
}

TEST(Sentences, AreWhole) {
  EXPECT_THAT(sentences("One two. Three four! Five", 1, 9), ElementsAre("One two.", "Three four!"));
  EXPECT_THAT(sentences("cut off here. A whole one.", 1, 9), ElementsAre("A whole one."));
  EXPECT_THAT(sentences("Use e.g. this one. Then that.", 1, 9),
              ElementsAre("Use e.g. this one.", "Then that."));
  EXPECT_THAT(sentences("He said (loudly.) Then left.", 1, 9),
              ElementsAre("He said (loudly.)", "Then left."));
  EXPECT_THAT(sentences("Version 3.5 is out.", 1, 9), ElementsAre("Version 3.5 is out."));
  EXPECT_THAT(sentences("A title\nA sentence. Cut", 1, 9), ElementsAre("A sentence."));
  EXPECT_THAT(sentences("", 1, 9), IsEmpty());
}

TEST(Sentences, KeepTheirLength) {
  EXPECT_THAT(sentences("One. One two. One two three. One two three four.", 2, 3),
              ElementsAre("One two.", "One two three."));
}

TEST(CountOccurrences, TakesWholeWords) {
  EXPECT_EQ(count_occurrences("the cat, a cat and cats; concat cat", "cat"), 3u);
  EXPECT_EQ(count_occurrences("(cat)", "cat"), 1u);
  EXPECT_EQ(count_occurrences("catcat", "cat"), 0u);
  EXPECT_EQ(count_occurrences("x cat. y", "cat."), 1u);
  EXPECT_EQ(count_occurrences("1cat cat2 écat", "cat"), 0u);
  EXPECT_EQ(count_occurrences("cat", ""), 0u);
  EXPECT_EQ(count_occurrences("a a a", "a a"), 2u);
  EXPECT_EQ(count_occurrences(to_small("The CAT"), to_small("cat")), 1u);
}

}  // namespace
}  // namespace film::questions
