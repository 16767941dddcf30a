// film show: evidence marked, nothing that commands a terminal; settings as text.
#include "cli/show_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.h"
#include "cli/settings_text.h"

namespace film::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

ShownContext shown() {
  ShownContext context;
  context.context.id = 7;
  context.context.tokens = 1234;
  context.context.evidence = {1};
  context.pieces = {"The tide is low.", "The gate is \x1b[31mred\x07.", "Boats wait."};
  context.questions = {{"Which gate?", "red", {1}, {}}};
  return context;
}

TEST(ShowText, MarksTheEvidence) {
  const std::string text = context_text(shown(), false);
  EXPECT_THAT(text, HasSubstr("context 7 · fine_grained · train · 1,234 tokens in 3 segments"));
  EXPECT_THAT(text, HasSubstr("\nThe tide is low.\n«The gate is "));
  EXPECT_THAT(text, HasSubstr("Question: Which gate?\nAnswer:   red  (segment 2 of 3)"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(context_text(shown(), true), HasSubstr("\x1b[1;33mThe gate is \\x1b[31mred\\x07."));
}

TEST(ShowText, TwinsNameTheContextThatTheyAreOf) {
  ShownContext twin = shown();
  twin.context.evidence.clear();
  twin.context.twin_of = 3;
  twin.questions = {{"Which gate?", "The context does not say.", {}, {}}};
  const std::string text = context_text(twin, false);
  EXPECT_THAT(text, HasSubstr("evidence: none (twin of context 3)"));
  EXPECT_THAT(text, HasSubstr("Answer:   The context does not say.  (none)"));
  EXPECT_THAT(context_line(twin.context, 1), HasSubstr("1 question (twin of context 3)"));
  EXPECT_EQ(context_json(twin).at("twin_of"), 3);
  EXPECT_FALSE(context_json(shown()).contains("twin_of"));
}

TEST(ShowText, AnAnswerWithItsContext) {
  ShownAnswer answer{"after", {"in2", "000003-000", "blue", "red"}, "Which gate?", {shown()}};
  answer.prediction.evidence = EvidenceSlot{1, 3};
  const std::string text = answer_text(answer, false);
  EXPECT_THAT(text, HasSubstr("in2 000003-000 · after · score 0.00 · evidence: segment 2 of 3"));
  EXPECT_THAT(text, HasSubstr("Expected: red\n  Got:      blue"));
  EXPECT_THAT(text, HasSubstr("«The gate"));
  EXPECT_EQ(answer_json(answer).at("context").at("id"), 7);
  EXPECT_EQ(answer_json(answer).at("question"), "Which gate?");
}

template <class Use>
void with_train_settings(const Use& use) {
  find_command("train")->with_settings({}, [&](const Fields& fields, const auto&) { use(fields); });
}

TEST(SettingsText, MembersOfListsAreExplained) {
  with_train_settings([](const Fields& fields) {
    const std::string text = settings_text(settings_below(fields, "train", "stages"));
    for (const char* part :
         {"stages.N.batch = 128", "option --batch", "stages.N.schedule.peak", "stop_accuracy"})
      EXPECT_THAT(text, HasSubstr(part));
    EXPECT_EQ(settings_below(fields, "train", "stages.0.batch").size(), 1u);
    EXPECT_EQ(settings_below(fields, "train", "nothing").size(), 0u);
    EXPECT_EQ(settings_below(fields, "train", "").size(), fields.all().size());
  });
}

TEST(SettingsText, SearchedByNameAndMeaning) {
  with_train_settings([](const Fields& fields) {
    EXPECT_GT(settings_about(fields, "train", "LEARNING rate").size(), 1u);
    EXPECT_EQ(settings_about(fields, "train", "stop_acc").at(0).key, "stages.N.stop_accuracy");
    EXPECT_TRUE(settings_about(fields, "train", "xyzzy").empty());
  });
}

// The file of `config init` is read as it was written.
TEST(SettingsText, AFileWithCommentsHoldsTheDefaults) {
  for (const std::string& command : commands_with_settings())
    find_command(command)->with_settings({}, [&](Fields& fields, const auto&) {
      const Json before = fields.dump();
      fields.apply(parse_json(settings_with_comments(fields), "start.json", true), "start.json");
      EXPECT_EQ(fields.dump(), before) << command;
    });
}

}  // namespace
}  // namespace film::cli
