#include "evaluation/rubric.h"

#include <gtest/gtest.h>

#include "../support/failure.h"
#include "../support/temp_folder.h"

namespace film::evaluation {
namespace {

Rubric rubric_of(const std::string& text) {
  const support::TempFolder temp;
  write_file(temp.path() / "r.txt", text);
  return read_rubric((temp.path() / "r.txt").string());
}

const std::string kHead = "verdict: Right 1\nverdict: not right 0\n";

TEST(RubricTest, TheShippedOnesAreReadAndTheirWordsTold) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> shipped = {
      {"correct", {"CORRECT", "INCORRECT"}},
      {"correct_zh", {"正确", "错误"}},
      {"graded", {"FULL", "PARTIAL", "NONE"}},
      {"abstains", {"ABSTAINS", "ANSWERS"}},
      {"abstains_zh", {"未作答", "作答"}}};
  for (const auto& [name, words] : shipped) {
    const Rubric rubric =
        read_rubric(std::string(FILM_TEST_DATA) + "/../configs/prompts/judge/" + name + ".txt");
    EXPECT_EQ(rubric.words(), words) << name;
    EXPECT_EQ(rubric.is_graded(), name == "graded");
    for (const std::string& word : words) EXPECT_EQ(rubric.verdict_in(word, true), word) << name;
    const std::string asked = rubric.filled("Which {answer}?", "an {question}", "said {reference}");
    EXPECT_NE(asked.find("Which {answer}?"), std::string::npos) << "values are not filled again";
    EXPECT_NE(asked.find("said {reference}"), std::string::npos);
  }
}

TEST(RubricTest, AVerdictIsAWholeLineAndNothingElse) {
  const Rubric rubric = rubric_of(kHead + "\n{answer}");
  for (const char* reply :
       {"Right", " RIGHT \n", "**right.**", "\"Right\"\nbecause it is", "【Right】", "`right`"})
    EXPECT_EQ(rubric.verdict_in(reply, true), "Right") << reply;
  for (const char* reply : {"not right", "Not right!", "(NOT RIGHT)\nRight"})
    EXPECT_EQ(rubric.verdict_in(reply, true), "not right") << reply;
  for (const char* reply : {"", "not", "The answer is right", "Right or not right", "Verdict: Right",
                            "Rightly", "I cannot say\nRight"})
    EXPECT_FALSE(rubric.verdict_in(reply, true)) << reply;
}

TEST(RubricTest, TheLineIsTheFirstOrTheLast) {
  const Rubric last = rubric_of(kHead + "line: last\n\n{answer}");
  EXPECT_EQ(last.verdict_in("It says more.\n\nNot right.\n", true), "not right");
  EXPECT_FALSE(last.verdict_in("Right\nThat is all.", true));
  EXPECT_FALSE(last.verdict_in("It says\nRight", false)) << "a reply that was cut off may have gone on";
  const Rubric first = rubric_of(kHead + "\n{answer}");
  EXPECT_EQ(first.verdict_in("Right\nbecause of the", false), "Right") << "its first line is whole";
  EXPECT_FALSE(first.verdict_in("Right", false));
}

TEST(RubricTest, PeopleMayAlsoSayWhatCountsAsMuch) {
  const Rubric rubric = rubric_of(kHead + "verdict: half 0.5\n\n{answer}");
  for (const auto& [said, word] : std::vector<std::pair<std::string, std::string>>{{"1", "Right"},
                                                                                   {"true", "Right"},
                                                                                   {"False", "not right"},
                                                                                   {"0", "not right"},
                                                                                   {"0.5", "half"},
                                                                                   {"HALF", "half"}})
    EXPECT_EQ(rubric.verdict_of_person(said), word) << said;
  for (const char* said : {"2", "", "yes", "0.25"}) EXPECT_FALSE(rubric.verdict_of_person(said)) << said;
}

TEST(RubricTest, WhatIsNoRubricIsSaid) {
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"verdict: a 1\n\n{answer}", "fewer than two verdicts"},
      {kHead + "\nGrade this.", "{answer}"},
      {kHead + "tokens: none\n\n{answer}", "r.txt:3: tokens is a number"},
      {kHead + "line: third\n\n{answer}", "line is first or last"},
      {"verdict: good 1\nverdict: GOOD 0\n\n{answer}", "two verdicts \"good\""},
      {"verdict: a 7\n\n{answer}", "a word and what it counts"},
      {"# a remark\nverdicts: a b\n\n{answer}", "r.txt:2: \"verdicts\" is none of"},
      {"You are a judge. {answer}", "is none of verdict, line and tokens"}};
  for (const auto& [text, message] : bad)
    EXPECT_NE(support::failure_of([&] { rubric_of(text); }).find(message), std::string::npos) << text;
}

}  // namespace
}  // namespace film::evaluation
