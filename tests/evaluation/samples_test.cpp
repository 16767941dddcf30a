// Which answers are shown, and with how much of their contexts.
#include "evaluation/samples.h"

#include <gtest/gtest.h>

#include "../scores/fakes.h"

namespace film::evaluation {
namespace {

std::vector<Prediction> scored(const tasks::Task& task, double (*score)(std::uint32_t slot)) {
  return scores::testing::predictions(task,
                                      [&](const tasks::Item& item) { return score(item.evidence->slot); });
}

TEST(Samples, ThreeWrongAndTwoRightFromBeginningToEnd) {
  const tasks::Task task = scores::testing::made_task(6, 20);
  const auto predictions = scored(task, [](std::uint32_t slot) { return slot % 2 == 0 ? 1.0 : 0.0; });
  const auto samples = samples_of(task, predictions, "mine");
  ASSERT_EQ(samples.size(), 5u);
  std::vector<double> wrong, right;
  for (const AnswerSample& s : samples) {
    EXPECT_EQ(s.model, "mine");
    (s.prediction.score < 1 ? wrong : right).push_back(s.prediction.evidence->depth());
    EXPECT_EQ(s.question, "what is " + std::to_string(s.prediction.evidence->slot) + "?");
  }
  EXPECT_EQ(wrong.size(), 3u);
  EXPECT_LT(wrong.front(), 0.35);
  EXPECT_GT(wrong.back(), 0.65);
  EXPECT_LT(right.front(), 0.5);
  EXPECT_GT(right.back(), 0.5);
  EXPECT_EQ(to_json(samples_of(task, predictions, "mine")[4]), to_json(samples[4]));
}

TEST(Samples, HaveTheEvidenceOfTheirContext) {
  const tasks::Task task = scores::testing::made_task(3, 30);
  for (const AnswerSample& s : samples_of(task, scored(task, [](std::uint32_t) { return 0.25; }), "m")) {
    std::uint64_t pieces = 0;
    std::string evidence;
    for (const ContextPart& part : s.context) {
      pieces += part.left_out > 0 ? part.left_out : 1;
      if (part.evidence) evidence += part.text;
    }
    EXPECT_EQ(pieces, 30u);
    EXPECT_TRUE(evidence.starts_with("fact " + std::to_string(s.prediction.evidence->slot) + " of"))
        << evidence;
  }
}

// All that there are, where there are fewer; what is not scored is not right; tasks without positions or contexts.
TEST(Samples, OfOddTasks) {
  const tasks::Task small = scores::testing::made_task(1, 1);
  EXPECT_EQ(samples_of(small, scored(small, [](std::uint32_t) { return 1.0; }), "m").size(), 1u);
  EXPECT_TRUE(samples_of(small, {}, "m").empty());
  auto refused = scored(small, [](std::uint32_t) { return 1.0; });
  refused[0].state = AnswerState::refused;
  EXPECT_EQ(samples_of(small, refused, "m")[0].prediction.state, AnswerState::refused);
  tasks::Task bare = scores::testing::without_positions(scores::testing::made_task(2, 9));
  for (tasks::ContextItems& context : bare.contexts) context.open = nullptr;
  const auto answers = scores::testing::predictions(bare, [](const tasks::Item&) { return 0.0; });
  const auto samples = samples_of(bare, answers, "m");
  EXPECT_EQ(samples.size(), 3u);
  EXPECT_TRUE(samples[0].context.empty());
}

}  // namespace
}  // namespace film::evaluation
