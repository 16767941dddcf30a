// What a reply is worth.
#include "questions/endpoint/judge.h"

#include <gtest/gtest.h>

namespace film::questions {
namespace {

using Positions = std::vector<std::uint32_t>;

// Pieces in the document's order, which is not that of the context.
Ask pieces(Positions positions = {7, 3, 9}) {
  Ask ask;
  ask.kind = ContextKind::integration;
  ask.positions = std::move(positions);
  ask.texts = {"Mabel Orr painted the lighthouse of Arran.", "Mabel Orr kept bees.", "The ferry sank."};
  ask.texts.resize(ask.positions.size());
  return ask;
}

endpoint::ChatResult reply(const std::string& text) {
  endpoint::ChatResult result;
  result.outcome = endpoint::ChatOutcome::ok;
  result.text = text;
  return result;
}

Judged judged(const Ask& ask, const endpoint::ChatResult& result) {
  const QuestionFilters filters;
  const std::vector<PlainText> banned = {PlainText("the passage")};
  return judge(ask, result, {filters, banned});
}

const std::string kGood =
    R"({"question": "What did the lighthouse's painter keep?", "answer": "Mabel Orr kept bees.",)";

TEST(Judge, KeepsAQuestionWithTheEvidenceThatItNames) {
  const Judged kept = judged(pieces(), reply(kGood + R"("pieces": [2, 1]})"));
  EXPECT_EQ(kept.reject_reason, std::nullopt);
  EXPECT_EQ(kept.question, "What did the lighthouse's painter keep?");
  EXPECT_EQ(kept.answer, "Mabel Orr kept bees.");
  EXPECT_EQ(kept.evidence, (Positions{3, 7}));
}

TEST(Judge, RejectsWithAllThatWasShown) {
  const Judged rejected = judged(pieces(), reply(kGood + R"("pieces": [2]})"));
  EXPECT_EQ(rejected.reject_reason, RejectReason::too_few_pieces);
  EXPECT_EQ(rejected.answer, "Mabel Orr kept bees.");
  EXPECT_EQ(rejected.evidence, (Positions{3, 7, 9}));
}

TEST(Judge, KeepsAReplyAsItCameWhereItCannotBeRead) {
  const Judged rejected = judged(pieces(), reply("Bees, I think."));
  EXPECT_EQ(rejected.reject_reason, RejectReason::unparsable);
  EXPECT_EQ(rejected.question, "");
  EXPECT_EQ(rejected.answer, "Bees, I think.");
}

TEST(Judge, TakesTheReasonOfARequestThatFailed) {
  endpoint::ChatResult cut;
  cut.outcome = endpoint::ChatOutcome::rejected;
  cut.reason = endpoint::Reason::length;
  cut.text = R"({"question": "Wha)";
  const Judged rejected = judged(pieces(), cut);
  EXPECT_EQ(rejected.reject_reason, RejectReason::length);
  EXPECT_EQ(rejected.answer, cut.text);
}

TEST(Judge, DoesNotNeedAReplyWhereThereIsOnlyOnePiece) {
  const Judged rejected = judged(pieces({4}), {});
  EXPECT_EQ(rejected.reject_reason, RejectReason::too_few_pieces);
  EXPECT_EQ(rejected.evidence, (Positions{4}));
  EXPECT_EQ(rejected.answer, "");
}

}  // namespace
}  // namespace film::questions
