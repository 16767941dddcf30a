// Fillers that contradict the evidence in wording alone: which subject they take, and that one right answer is left.
#include "tasks/contradictions.h"

#include <gtest/gtest.h>

#include <ctime>
#include <set>

#include "film/base/strings.h"
#include "film/base/words.h"

namespace film::tasks {
namespace {

TEST(ContradictionsTest, TheSubjectIsTheNameThatQuestionAndEvidenceShare) {
  const std::vector<std::pair<PlacedQuestion, std::string>> rows = {
      {{"Who keeps the lamp of Dunmore Point?", "At Dunmore Point the lamp is kept by Ines.", {"Ines"}},
       "Dunmore Point"},
      {{"In which year did Otto Falk sail?", "In 1811 Otto Falk sailed south.", {"1811"}}, "Otto Falk"},
      {{"What does flight K17 carry?", "Flight K17 carries salt.", {"salt"}}, "K17"},
      {{"What happened in 1874?", "In 1874 the bridge fell.", {"the bridge fell"}}, "1874"},
      {{"Écluse Haute opens when?", "Écluse Haute opens at dawn.", {"dawn"}}, "Écluse Haute"},
      {{"Whose hat did Bo, Ada's son, find?", "Ada's son Bo found a red hat.", {"red"}}, "Ada"},
      {{"What is the secret city?", "The secret city is Turin.", {"Turin"}}, ""},
      {{"Which town is Turin's twin?", "Turin and Bern are twins.", {"Bern"}}, "Turin"},
      {{"Who is Mr Lund?", "The man is Mr Lund.", {"Mr Lund"}}, ""},
      {{"灯塔由谁看守？", "灯塔由伊内看守。", {"伊内"}}, ""}};
  for (const auto& [question, subject] : rows) EXPECT_EQ(subject_of(question), subject) << question.question;
}

std::vector<PlacedQuestion> keepers() {
  const std::vector<std::pair<const char*, const char*>> names = {{"Dunmore Point", "Ines Quill"},
                                                                  {"Carrick Head", "Tom Reed"},
                                                                  {"Holm Rock", "Ada Vane"},
                                                                  {"Skerry Isle", "Jan Holt"}};
  std::vector<PlacedQuestion> list;
  for (const auto& [place, keeper] : names)
    list.push_back(
        {std::string("Who keeps the lamp of ") + place + "?",
         std::string("The lamp of ") + place + " is kept by " + keeper + "; " + keeper + " lives there.",
         {keeper}});
  return list;
}

TEST(ContradictionsTest, TheySayTheSameOfOthersAndLeaveOneAnswer) {
  const auto questions = keepers();
  const Contradictions contradictions(questions, 5);
  for (std::size_t q = 0; q < questions.size(); ++q) {
    const auto made = contradictions.of(q, 3);
    EXPECT_EQ(made.why, "");
    ASSERT_EQ(made.pieces.size(), 3u);
    for (const std::string& piece : made.pieces) {
      EXPECT_TRUE(piece.starts_with("The lamp of ")) << piece;
      EXPECT_TRUE(piece.ends_with(" lives there.")) << piece;
      EXPECT_FALSE(contains_word(piece, subject_of(questions[q]))) << piece;
      EXPECT_FALSE(contains_word(piece, questions[q].answers[0])) << "also where it is repeated: " << piece;
      EXPECT_FALSE(contains_word(questions[q].question, subject_of({questions[q].question, piece, {}})))
          << piece;
    }
    EXPECT_EQ(std::set<std::string>(made.pieces.begin(), made.pieces.end()).size(), 3u);
    EXPECT_EQ(contradictions.of(q, 3).pieces, made.pieces) << "the same again";
    EXPECT_EQ(contradictions.of(q, 1).pieces.size(), 1u);
  }
}

TEST(ContradictionsTest, WhereNoneIsSafeItIsSaidWhy) {
  const auto with = [](PlacedQuestion question) {
    auto questions = keepers();
    questions.push_back(std::move(question));
    return Contradictions(questions, 1).of(questions.size() - 1, 2).why;
  };
  const std::string no_subject = "the question names no subject of its evidence",
                    no_answer = "the evidence does not have the answer word for word",
                    no_other = "no other question has a subject and an answer that fit";
  EXPECT_EQ(with({"What is the secret city?", "The secret city is Turin.", {"Turin"}}), no_subject);
  EXPECT_EQ(with({"Who keeps Lundy Reef?", "At Lundy Reef a woman called Ines does.", {"a woman"}}), no_other)
      << "the other answers are names";
  EXPECT_EQ(
      with({"How old is Lundy Reef's lamp?", "Lundy Reef has a lamp of 1801.", {"over two hundred years"}}),
      no_answer);
  EXPECT_EQ(with({"Who keeps the lamp of Farne Bank?",
                  "The lamp of Farne Bank is kept by Una Moss, and Farne's boat too.",
                  {"Una Moss"}}),
            no_other)
      << "a part of the name would be left";
  EXPECT_EQ(with({"Who keeps the lamp of Dunmore Point?",
                  "DUNMORE POINT. The lamp of Dunmore Point is kept by Una Moss.",
                  {"Una Moss"}}),
            no_other)
      << "the heading would still name it";
  EXPECT_EQ(with({"Is it Tom Reed, Ada Vane, Jan Holt or Ines Quill who keeps Lundy Reef?",
                  "Lundy Reef is kept by Bo Stone.",
                  {"Bo Stone"}}),
            no_other)
      << "the question names every other answer";
}

TEST(ContradictionsTest, SubjectAndAnswerAreReplacedByTheirKind) {
  const std::vector<PlacedQuestion> questions = {
      {"When was barge 12 built?", "Barge 12 was built in 1850.", {"1850"}},
      {"When was barge 40 built?", "Barge 40 was built in 1861.", {"1861"}},
      {"Who built Wend Mill?", "Wend Mill was built by Ola.", {"Ola"}}};
  const auto made = Contradictions(questions, 9).of(0, 5);
  EXPECT_EQ(made.pieces, std::vector<std::string>{"Barge 40 was built in 1861."});
}

// Borders are those by which words are found anywhere else: between scripts there is one.
TEST(ContradictionsTest, NamesInsideOfTextWithoutBlanksAreReplaced) {
  const auto pieces = [](const PlacedQuestion& first, const PlacedQuestion& second) {
    return Contradictions({first, second}, 3).of(0, 1).pieces;
  };
  EXPECT_EQ(pieces({"K17灯塔由谁看守？", "海边的K17灯塔由Ines看守。", {"Ines"}},
                   {"B20灯塔由谁看守？", "海边的B20灯塔由Omar看守。", {"Omar"}}),
            std::vector<std::string>{"海边的B20灯塔由Omar看守。"});
  EXPECT_EQ(pieces({"1874年造了几座桥？", "在1874年造了12座桥。", {"12"}},
                   {"1903年造了几座桥？", "在1903年造了45座桥。", {"45"}}),
            std::vector<std::string>{"在1903年造了45座桥。"});
  EXPECT_EQ(pieces({"Wendの灯台は何番？", "港のWendの灯台は81番です。", {"81"}},
                   {"Farneの灯台は何番？", "港のFarneの灯台は77番です。", {"77"}}),
            std::vector<std::string>{"港のFarneの灯台は77番です。"});
}

// Nothing is tried for every pair of subject and answer that cannot fit: an evidence that keeps a word of its subject, and
// subjects and answers that share one.
TEST(ContradictionsTest, ManyQuestionsTakeNoTimeForEveryPair) {
  std::vector<PlacedQuestion> questions;
  const std::string tide = ", and at Holm Rock the tide fell, and at Wend Mill it rose";
  for (int i = 0; i < 400; ++i) {
    const std::string place = (i % 2 == 0 ? "Holm Rock " : "Wend Mill ") + std::to_string(i),
                      keeper = "Ada Vane " + std::to_string(1000 + i);
    questions.push_back({"Who keeps the lamp of " + place + "?",
                         "The lamp of " + place + " is kept by " + keeper + tide + ".",
                         {keeper}});
  }
  const std::clock_t begin = std::clock();
  const Contradictions contradictions(questions, 2);
  for (std::size_t q = 0; q < questions.size(); ++q)
    EXPECT_EQ(contradictions.of(q, 4).why, "no other question has a subject and an answer that fit");
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 5.0);
}

}  // namespace
}  // namespace film::tasks
