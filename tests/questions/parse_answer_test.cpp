// The forms of an answer that models use.
#include "questions/endpoint/parse_answer.h"

#include <gtest/gtest.h>

namespace film::questions {
namespace {

TEST(ParseAnswer, TakesTheFormsThatModelsUse) {
  for (const char* text : {
           R"({"question": "Who?", "answer": "Ann."})",
           R"({"Question": "Who?", "Answer": "Ann."})",
           "Here you are:\n```json\n{\"question\": \"Who?\", \"answer\": \"Ann.\"}\n```\nAnything else?",
           "{\"question\": \"Who?\",\n \"answer\": \"Ann.\",\n}",
           R"({"qa": {"question": "Who?", "answer": "Ann."}})",
           R"([{"question": "Who?", "answer": "Ann."}])",
           R"(I use braces {like this}. {"question": "Who?", "answer": "Ann."})",
           "Question: Who?\nAnswer: Ann.",
           "**Question:** Who?\n\n**Answer:** Ann.",
           "1. Question: Who?\n   Answer: Ann.",
           "Q: Who?\nA: Ann.",
           "### Question\n: Who?\n### Answer\n: Ann." /* a colon on the next line is nobody's form */,
           "Question: Who?\nAnswer: Ann.\nQuestion: Where?\nAnswer: Here.",
       }) {
    const ParsedAnswer parsed = parse_answer(text);
    if (std::string(text).starts_with("###")) {
      EXPECT_EQ(parsed.reject_reason, RejectReason::unparsable);
      continue;
    }
    EXPECT_FALSE(parsed.reject_reason) << text;
    EXPECT_EQ(parsed.question, "Who?") << text;
    EXPECT_EQ(parsed.answer, "Ann.") << text;
  }
}

TEST(ParseAnswer, MendsLineBreaksInStringsAndKeepsEscapes) {
  const ParsedAnswer parsed = parse_answer("{\"question\": \"One\ntwo?\", \"answer\": \"a \\\"b\\\" {c}\"}");
  EXPECT_EQ(parsed.question, "One\ntwo?");
  EXPECT_EQ(parsed.answer, "a \"b\" {c}");
}

TEST(ParseAnswer, OfSeveralAnswersTheLastWholeOneCounts) {
  for (
      const char* text : {
          R"(<think>{"question": "Draft?", "answer": "No."}</think>{"question": "Who?", "answer": "Ann."})",
          R"(The form: {"question": "...", "answer": "..."} Mine: {"question": "Who?", "answer": "Ann."} Good?)",
          R"({"question": "Draft?", "answer": "No."} On reflection: {"question": "Who?", "answer": "Ann."})",
          "<reasoning>\nQuestion: Draft?\nAnswer: No.\n</reasoning>\nQuestion: Who?\nAnswer: Ann.",
          "[THINK]hm[/THINK]```json\n{\"question\": \"Who?\", \"answer\": \"Ann.\"}\n```",
      }) {
    const ParsedAnswer parsed = parse_answer(text);
    EXPECT_EQ(parsed.question, "Who?") << text;
    EXPECT_EQ(parsed.answer, "Ann.") << text;
  }
  for (const char* half : {
           R"({"question": "Draft?", "answer": "No."} Better: {"question": "Who is it that)",
           R"(<think>{"question": "Draft?", "answer": "No."})",
           R"({"question": "Draft?", "answer": "No."} {"Question": "Who?", "ans)",
       })
    EXPECT_EQ(parse_answer(half).reject_reason, RejectReason::unparsable) << half;
}

TEST(ParseAnswer, KeepsLoneBackslashes) {
  const ParsedAnswer parsed =
      parse_answer(R"({"question": "Which of \alpha, \d+ and \frac{1}{2}?", "answer": "C:\temp \in it"})");
  EXPECT_EQ(parsed.question, "Which of \\alpha, \\d+ and \\frac{1}{2}?");
  EXPECT_EQ(parsed.answer, "C:\\temp \\in it");
}

TEST(ParseAnswer, ReadsPiecesHoweverTheyAreWritten) {
  using Pieces = std::vector<std::uint32_t>;
  const auto pieces = [](const std::string& list) {
    return parse_answer(R"({"question": "q", "answer": "a", )" + list + "}").pieces;
  };
  EXPECT_EQ(pieces(R"("pieces": [4, 1, 4])"), (Pieces{1, 4}));
  EXPECT_EQ(pieces(R"("pieces": ["Piece 2", "#7"])"), (Pieces{2, 7}));
  EXPECT_EQ(pieces(R"("Pieces_Used": "1, 3 and Piece 12")"), (Pieces{1, 3, 12}));
  EXPECT_EQ(pieces(R"("pieces": ["none"])"), (Pieces{0}));
  EXPECT_FALSE(parse_answer(R"({"question": "q", "answer": "a", "pieces": null})").names_pieces);
  const ParsedAnswer lines = parse_answer("Question: q\nAnswer: a\nPieces: 2 and 5");
  EXPECT_EQ(lines.pieces, (Pieces{2, 5}));
  EXPECT_EQ(lines.answer, "a");
}

TEST(ParseAnswer, TellsRefusalsSkipsAndNoise) {
  EXPECT_EQ(parse_answer("I'm sorry, but I cannot help with that.").reject_reason, RejectReason::refusal);
  EXPECT_EQ(parse_answer(R"({"skip": "only links"})").reject_reason, RejectReason::skipped);
  for (const char* noise : {"", "hello", "{", "{{{{{{", "{\"question\": \"q\"}", "Question: only", "[1,2]"})
    EXPECT_EQ(parse_answer(noise).reject_reason, RejectReason::unparsable) << noise;
  EXPECT_EQ(parse_answer(std::string(200'000, '{')).reject_reason, RejectReason::unparsable);
}

}  // namespace
}  // namespace film::questions
