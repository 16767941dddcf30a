#include "film/scores/metrics.h"

#include <gtest/gtest.h>

namespace film::scores {
namespace {

TEST(Metrics, NormalisesLikeSquad) {
  EXPECT_EQ(normalised("  The  Well-known\tCat. "), "wellknown cat");
  EXPECT_EQ(normalised("an apple a day"), "apple day");
  EXPECT_EQ(normalised("theatre"), "theatre");
  EXPECT_EQ(normalised("snake_case"), "snakecase");
  EXPECT_EQ(normalised("東京 \"Tōkyō\""), "東京 tōkyō");
  EXPECT_EQ(normalised(" .,! "), "");
}

TEST(Metrics, ExactMatchTakesAnyAnswerAndNoEmptyOutput) {
  EXPECT_EQ(exact_match("Blue.", {"red", "blue"}), 1);
  EXPECT_EQ(exact_match("blue sky", {"blue"}), 0);
  EXPECT_EQ(exact_match("", {"the"}), 0);
  EXPECT_EQ(exact_match("...", {""}), 0);
}

TEST(Metrics, ContainsWantsWholeWords) {
  EXPECT_EQ(contains_answer("It is blue, I think.", {"Blue"}), 1);
  EXPECT_EQ(contains_answer("It is bluish", {"blu"}), 0);
  EXPECT_EQ(contains_answer("ablution", {"blu"}), 0);
  EXPECT_EQ(contains_answer("x blue y", {"blue y"}), 1);
  EXPECT_EQ(contains_answer("anything", {""}), 0);
  // A first hit inside a word does not hide a later whole one.
  EXPECT_EQ(contains_answer("bluebell blue", {"blue"}), 1);
}

TEST(Metrics, WordRecallIsOverSetsOfLowerCaseWords) {
  EXPECT_DOUBLE_EQ(word_recall("the cat sat", {"The cat sat down"}), 0.75);
  EXPECT_DOUBLE_EQ(word_recall("down!", {"The cat sat down"}), 0);  // punctuation is kept
  EXPECT_DOUBLE_EQ(word_recall("a a a", {"a b"}), 0.5);             // repeats do not count
  EXPECT_DOUBLE_EQ(word_recall("x y", {"x x x y"}), 1);
  EXPECT_DOUBLE_EQ(word_recall("anything", {""}), 0);
}

TEST(Metrics, NamesAreWholeAndCaseSensitive) {
  EXPECT_EQ(whole_name("The function `run` does", {"run"}), 1);
  EXPECT_EQ(whole_name("run_all", {"run"}), 0);
  EXPECT_EQ(whole_name("rerun", {"run"}), 0);
  EXPECT_EQ(whole_name("Run", {"run"}), 0);
  EXPECT_EQ(whole_name("def run(self):", {"run"}), 1);
  EXPECT_EQ(name_substring("run_all", {"run"}), 1);  // VaL's rule
  EXPECT_EQ(name_substring("run", {".run."}), 1);
  EXPECT_EQ(name_substring("run", {"..."}), 0);
}

TEST(Metrics, AnyOfIsALowerCaseSubstring) {
  EXPECT_EQ(any_substring("A PAINTING by Marquet", {"Place", "painting by marquet"}), 1);
  EXPECT_EQ(any_substring("nothing", {"Place", "painting"}), 0);
  EXPECT_EQ(any_substring("nothing", {""}), 0);
}

TEST(Metrics, F1CountsWordsAsOftenAsTheyOccur) {
  EXPECT_DOUBLE_EQ(blank_f1("The river Corrin.", {"Corrin"}), 2.0 / 3);  // the article does not count
  EXPECT_DOUBLE_EQ(blank_f1("corrin", {"no", "Corrin!"}), 1);            // the best of all answers
  EXPECT_DOUBLE_EQ(blank_f1("a b b", {"b b b c"}), 4.0 / 6);             // two of two, two of four
  EXPECT_DOUBLE_EQ(blank_f1("", {""}), 0);
  EXPECT_DOUBLE_EQ(blank_f1("well-known", {"wellknown"}), 1);  // punctuation is deleted
  EXPECT_DOUBLE_EQ(blank_f1("x", {"y"}), 0);
}

TEST(Metrics, ScriptsWithoutBlanksHaveWords) {
  EXPECT_EQ(exact_match("北京。", {"北京"}), 1);
  EXPECT_EQ(contains_answer("答案是北京。", {"北京"}), 1);
  EXPECT_GT(word_f1("我们去北京", {"北京"}), 0);
  EXPECT_LT(word_f1("我们去北京", {"北京"}), 1);
}

TEST(Metrics, ChoicesByLikelihoodAndPerCharacter) {
  EXPECT_EQ(most_likely({-3, -1, -1}, {"a", "b", "c"}), 1u);  // the first of equals
  const std::vector<std::string> choices = {"yes", "certainly"};
  EXPECT_EQ(most_likely({-3, -6}, choices), 0u);
  EXPECT_EQ(most_likely_per_character({-3, -6}, choices), 1u);
  EXPECT_EQ(most_likely_per_character({-2, -5}, {"北京", "abcdef"}), 1u);  // characters, not bytes
}

TEST(Metrics, TheTableNamesEachOnce) {
  for (const Metric& metric : metrics()) EXPECT_EQ(&find_metric(metric.name), &metric);
  EXPECT_ANY_THROW(find_metric("no such"));
}

}  // namespace
}  // namespace film::scores
