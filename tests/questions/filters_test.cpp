// What a written question must pass.
#include "questions/endpoint/filters.h"

#include <gtest/gtest.h>

namespace film::questions {
namespace {

Ask ask_of(ContextKind kind) {
  Ask ask;
  ask.kind = kind;
  ask.positions = {3, 7, 9};
  ask.texts = {
      "The lighthouse of Arran was painted green by Mabel Orr in 1911 after the storm had passed over it.",
      "Mabel Orr kept bees.", "The ferry sank."};
  if (kind != ContextKind::integration) {
    ask.positions.resize(1);
    ask.texts.resize(1);
  }
  return ask;
}

using Reason = std::optional<RejectReason>;

Reason reason_for(const std::string& question, const std::string& answer,
                  std::vector<std::uint32_t> pieces = {}, QuestionFilters filters = {}) {
  ParsedAnswer parsed;
  parsed.question = question;
  parsed.answer = answer;
  parsed.names_pieces = !pieces.empty();
  parsed.pieces = std::move(pieces);
  const Ask ask = ask_of(parsed.names_pieces ? ContextKind::integration : ContextKind::fine_grained);
  return reject_reason(parsed, ask, filters, {PlainText("according to the text"), PlainText("the passage")});
}

TEST(Filters, GiveEachFaultItsReason) {
  const std::string question = "Who painted the lighthouse of Arran?", answer = "Mabel Orr did, in 1911.";
  EXPECT_EQ(reason_for(question, answer), std::nullopt);
  EXPECT_EQ(reason_for("", answer), RejectReason::no_question);
  EXPECT_EQ(reason_for(question, ""), RejectReason::no_answer);
  EXPECT_EQ(reason_for("Who painted?", answer), RejectReason::question_too_short);
  EXPECT_EQ(reason_for(std::string(400, 'a') + std::string(400, ' ') + "b c d e f", answer, {},
                       {4, 5, 300, 20, 0.1}),
            RejectReason::question_too_long);
  EXPECT_EQ(reason_for(question, "a b c d e f", {}, {4, 150, 5, 20, 0.1}), RejectReason::answer_too_long);
  EXPECT_EQ(reason_for("According to the\ntext, who painted the lighthouse?", answer),
            RejectReason::names_its_source);
  EXPECT_EQ(reason_for(question, "The passage says Mabel Orr."), RejectReason::names_its_source);
  EXPECT_EQ(reason_for("Which passages did the lighthouse of Arran guard?", answer),
            std::nullopt);  // another word
  EXPECT_EQ(reason_for(question, "This is not mentioned."), RejectReason::answer_unknown);
  EXPECT_EQ(reason_for("Did Mabel Orr paint the lighthouse?", "Mabel Orr"), RejectReason::answer_in_question);
  EXPECT_EQ(reason_for(question, "Some Icelandic fishermen sailed elsewhere."), RejectReason::not_grounded);
  EXPECT_EQ(reason_for(question, "lighthouse of Arran was painted green by Mabel Orr in 1911 after the storm",
                       {}, {4, 150, 300, 10, 0.1}),
            RejectReason::copied);
}

TEST(Filters, IntegrationNeedsTwoKnownPieces) {
  const std::string question = "What else did the painter of the lighthouse of Arran do?",
                    answer = "Mabel Orr kept bees.";
  EXPECT_EQ(reason_for(question, answer, {1, 2}), std::nullopt);
  EXPECT_EQ(reason_for(question, answer, {1}), RejectReason::too_few_pieces);
  EXPECT_EQ(reason_for(question, answer, {1, 4}), RejectReason::wrong_piece);
  EXPECT_EQ(reason_for(question, answer, {0, 1}), RejectReason::wrong_piece);
  ParsedAnswer unnamed;
  unnamed.question = question;
  unnamed.answer = answer;
  EXPECT_EQ(reject_reason(unnamed, ask_of(ContextKind::integration), {}, {}), RejectReason::no_pieces);
}

TEST(Filters, LongestSharedRunIgnoresCapitalsAndPunctuation) {
  EXPECT_EQ(longest_shared_run(PlainText("He said: the Green, old house stood."),
                               PlainText("… the green old HOUSE fell")),
            4u);
  EXPECT_EQ(longest_shared_run(PlainText("a b a b c"), PlainText("a b c")), 3u);
  EXPECT_EQ(longest_shared_run(PlainText(""), PlainText("a")), 0u);
}

}  // namespace
}  // namespace film::questions
