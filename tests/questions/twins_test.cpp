// Questions that the twin of their context does not answer.
#include "questions/twins.h"

#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "../support/failure.h"
#include "../support/synth_case.h"
#include "film/base/lines.h"
#include "film/questions/qa.h"

namespace film::questions {
namespace {

using support::SynthCase;
using testing::HasSubstr;

QaFacts ask(const folders::DataFolder& data, const fs::path& out, QaSettings settings = {}) {
  Fields fields;
  settings.describe(fields);
  return write_questions(data, settings, {out, "qa", fields}, 0);
}

struct TwinCase : SynthCase {
  explicit TwinCase(double share) {
    support::plant(settings);
    settings.contexts.kinds = {110, 30, 15};
    settings.contexts.train = 200;
    settings.contexts.questions_per_context = 2;
    settings.contexts.twins = share;
  }
};

TEST(TwinQuestions, AreExactlyTheShareAfterRejects) {
  for (const double share : {0.05, 0.2, 0.5}) {
    TwinCase c(share);
    c.run("data");
    const folders::DataFolder data(c.folder / "data");
    const QaFacts facts = ask(data, c.folder / "data/questions");
    const std::uint64_t twins = facts.counts.questions.by_type.at("unanswerable");
    const std::uint64_t answered = facts.counts.questions.by_split.at("train") - twins;
    EXPECT_GT(facts.counts.rejected.count, 0u) << "the test shows nothing without rejects";
    EXPECT_EQ(twins, static_cast<std::uint64_t>(share * static_cast<double>(answered) + 1e-9)) << share;
    EXPECT_EQ(facts.counts.twins.value().written, twins);
    EXPECT_EQ(facts.counts.twins.value().wanted, twins);
    std::uint64_t read = 0;
    for (const Example& example : folders::DataFolder(c.folder / "data").examples()) {
      const Context& context = data.context(example.context);
      for (const Question& question : example.questions) {
        ASSERT_EQ(context.twin_of.has_value(), question.labels.at("type") == "unanswerable");
        if (!context.twin_of) continue;
        ++read;
        EXPECT_EQ(question.answer, "The context does not say.");
        EXPECT_TRUE(question.evidence.empty());
        EXPECT_THAT(question.labels.at("of"), testing::AnyOf("planted", "cloze", "sentence"));
      }
    }
    EXPECT_EQ(read, twins);
  }
}

TEST(TwinQuestions, AreTheSameForAnyThreads) {
  TwinCase c(0.3);
  c.run("data");
  const folders::DataFolder data(c.folder / "data");
  QaSettings settings;
  settings.threads = 1;
  ask(data, c.folder / "one", settings);
  settings.threads = 4;
  ask(data, c.folder / "four", settings);
  EXPECT_EQ(support::hashes(c.folder / "one"), support::hashes(c.folder / "four"));
}

TEST(TwinQuestions, AreNotThereWithoutTwins) {
  TwinCase c(0);
  c.run("data");
  const QaFacts facts = ask(folders::DataFolder(c.folder / "data"), c.folder / "data/questions");
  EXPECT_FALSE(facts.counts.twins);
  EXPECT_FALSE(facts.counts.questions.by_type.contains("unanswerable"));
}

TEST(TwinQuestions, HaveNoAnswerInTheTextThatReplacesTheEvidence) {
  EXPECT_TRUE(has_answer("the lamp of lundy is red.", "Red."));
  EXPECT_FALSE(has_answer("the lamp of lundy is reddish.", "Red."));
  EXPECT_TRUE(has_answer("他住在北京，很久了。", "北京。"));
  EXPECT_TRUE(has_answer("他住在北京，很久了。", "北京！"));
  EXPECT_FALSE(has_answer("他住在上海，很久了。", "北京。"));
}

TEST(TwinSettings, AnswerInTheScriptOfTheQuestion) {
  TwinSettings settings;
  EXPECT_EQ(settings.answer_to("Where is the key?"), "The context does not say.");
  EXPECT_EQ(settings.answer_to("钥匙在哪里？"), "文中没有说明。");
  EXPECT_EQ(settings.answer_to("鍵はどこですか"), "文中には書かれていません。");
  EXPECT_EQ(settings.answer_to("Где ключ?"), "The context does not say.");
  settings.answers = {{"Cyrl", "В тексте этого нет."}, {"", "Not said."}};
  EXPECT_EQ(settings.answer_to("Где ключ?"), "В тексте этого нет.");
  EXPECT_EQ(settings.answer_to("钥匙在哪里？"), "Not said.");
}

TEST(TwinSettings, AreChecked) {
  const auto said = [](std::vector<Refusal> answers) {
    return support::failure_of([&] { TwinSettings{std::move(answers)}.check(); });
  };
  EXPECT_EQ(said({{"", "No."}, {"Thai", "ไม่"}}), "no error");
  EXPECT_THAT(said({{"", "No."}, {"Chinese", "不"}}), HasSubstr("is no script"));
  EXPECT_THAT(said({{"", "No."}, {"Hani", "不"}, {"Hani", "没"}}), HasSubstr("twice"));
  EXPECT_THAT(said({{"", " "}}), HasSubstr("is empty"));
  EXPECT_THAT(said({{"Latn", "No."}}), HasSubstr("no answer for all other scripts"));
}

}  // namespace
}  // namespace film::questions
