// Held-out questions: their places on the curve, and answers that are rated instead of written.
#include <gtest/gtest.h>

#include "../support/failure.h"
#include "film/tasks/build.h"

namespace film::tasks {
namespace {

HeldOut example(const std::vector<std::vector<std::uint32_t>>& evidence) {
  HeldOut held;
  held.example.kind = "fine_grained";
  held.segments = 10;
  held.open = [] { return Passage{{"a", "b"}}; };
  for (const auto& pieces : evidence) held.example.questions.push_back({"which?", "this one", pieces});
  return held;
}

Task build(const In2Settings& in2, const std::vector<HeldOut>& held_out) {
  Settings settings;
  settings.in2 = in2;
  return build_task("in2", Catalog({}), {.settings = settings, .held_out = held_out});
}

TEST(In2, SeveralPiecesOfEvidenceHaveThePlaceThatIsAskedFor) {
  const std::vector<HeldOut> held = {example({{4}, {2, 5, 9}, {}})};
  struct Case {
    Several several;
    std::vector<std::uint32_t> slots;
  };
  for (const auto& [several, slots] : {Case{Several::leave_out, {4}},
                                       {Several::first, {4, 2}},
                                       {Several::last, {4, 9}},
                                       {Several::spread, {4, 7}}}) {
    In2Settings in2;
    in2.several = several;
    const Task task = build(in2, held);
    std::vector<std::uint32_t> found;
    for (const Item& item : task.contexts[0].items) found.push_back(item.evidence->slot);
    EXPECT_EQ(found, slots) << name_of(several);
    EXPECT_EQ(task.notes["left_out"]["evidence in several places or none"], 3 - slots.size());
  }
}

TEST(In2, AnswersAreWrittenByAnyMetricOrRated) {
  const std::vector<HeldOut> held = {example({{4}, {5}})};
  In2Settings in2;
  EXPECT_EQ(build(in2, held).metric, "exact match");
  in2.metric = "ROUGE-L";
  EXPECT_EQ(build(in2, held).metric, "ROUGE-L");
  EXPECT_TRUE(build(in2, held).contexts[0].items[0].choices.empty());
  in2.answers = Answers::rated;
  const Task rated = build(in2, held);
  EXPECT_EQ(rated.mode, Mode::choose);
  EXPECT_EQ(rated.metric, "probability per character");
  for (const Item& item : rated.contexts[0].items)
    EXPECT_EQ(item.choices, std::vector<std::string>{"this one"});
}

}  // namespace
}  // namespace film::tasks
