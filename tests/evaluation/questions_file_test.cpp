// Questions written to a file are those that a model here would be asked.
#include "evaluation/questions_file.h"

#include <gtest/gtest.h>

#include "../support/temp_folder.h"
#include "film/answers/local_answerer.h"
#include "film/base/lines.h"

namespace film::evaluation {
namespace {

// Keeps the whole prompts that it is asked.
class KeepingModel : public engine::LanguageModel {
 public:
  explicit KeepingModel(std::vector<text::TokenIds>& prompts) : prompts_(prompts) {}
  std::vector<engine::Completion> generate(std::span<const engine::Prompt> prompts,
                                           const engine::Decoding&) override {
    for (const engine::Prompt& prompt : prompts) {
      prompts_.emplace_back(prompt.prefix.begin(), prompt.prefix.end());
      prompts_.back().insert(prompts_.back().end(), prompt.ids.begin(), prompt.ids.end());
    }
    return std::vector<engine::Completion>(prompts.size());
  }
  std::vector<double> log_likelihood(std::span<const engine::Prompt>,
                                     std::span<const text::TokenIds>) override {
    return {};
  }
  std::int64_t max_tokens() const override { return INT64_MAX; }
  std::string describe() const override { return "keeps"; }

 private:
  std::vector<text::TokenIds>& prompts_;
};

class QuestionsFileTest : public ::testing::Test {
 protected:
  QuestionsFileTest() {
    options_.folder = folder_;
    tasks::ContextItems first, second;
    first.open = [] { return tasks::Passage{{"The lamp is red.", "A  ship\tsails."}}; };
    first.items = {{"1", "Which lamp?", {"red", "a red one"}, {}, EvidenceSlot{0, 2}},
                   {"2", "What sails?", {"ship"}, {}, EvidenceSlot{1, 2}}};
    second.open = [] { return tasks::Passage{{"灯是蓝色的。"}}; };
    second.items = {{"3", "灯是什么颜色？", {"蓝色"}}};
    task_.name = "lamps";
    task_.metric = "exact match";
    task_.contexts = {std::move(first), std::move(second)};
  }
  std::vector<Json> rows(const std::vector<tasks::Task>& tasks) {
    written_ = write_task_questions(tasks, options_, folder_ / "q.jsonl");
    std::vector<Json> list;
    for_each_record(folder_ / "q.jsonl", [&](const Json& row, const std::string&) { list.push_back(row); });
    return list;
  }

  support::TempFolder temp_;
  fs::path folder_ = temp_.path();
  tasks::Task task_;
  RunOptions options_;
  std::uint64_t written_ = 0;
};

TEST_F(QuestionsFileTest, ARowForEveryQuestion) {
  const std::vector<Json> list = rows({task_});
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(written_, 3u);
  EXPECT_EQ(list[0], (Json{{"id", "1"},
                           {"task", "lamps"},
                           {"form", "instruction"},
                           {"question", "Which lamp?"},
                           {"answer", "red"},
                           {"answers", {"red", "a red one"}},
                           {"context", "The lamp is red.\nA  ship\tsails."},
                           {"evidence", {{"position", 0.25}, {"slot", 0}, {"slots", 2}}}}));
  EXPECT_EQ(list[2]["context"], "灯是蓝色的。");
  EXPECT_FALSE(list[2].contains("evidence"));
}

TEST_F(QuestionsFileTest, TextsChoicesAndStartsOfAnswers) {
  tasks::Task choose;
  choose.name = "choose";
  choose.mode = tasks::Mode::choose;
  choose.form = answers::Form::text;
  choose.contexts.resize(1);
  choose.contexts[0].items = {{"a", "One and one is", {"two"}, {"two", "three"}}};
  choose.contexts[0].items[0].answer_start = "So";
  const std::vector<Json> list = rows({choose});
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0]["choices"], (Json{" two", " three"})) << "as they are rated, with what stands before";
  EXPECT_EQ(list[0]["form"], "text");
  EXPECT_EQ(list[0]["answer_start"], "So");
  EXPECT_FALSE(list[0].contains("context"));
}

TEST_F(QuestionsFileTest, TheLimitHoldsForEachTask) {
  tasks::Task other = task_;
  other.name = "others";
  options_.limit = 2;
  const std::vector<Json> list = rows({task_, other});
  ASSERT_EQ(list.size(), 4u);
  EXPECT_EQ(list[1]["id"], "2");
  EXPECT_EQ(list[2]["task"], "others");
}

// So a model that is trained on the rows as a conversation with a context sees the prompts that it will be asked.
TEST_F(QuestionsFileTest, AConversationFromARowIsThePromptOfTheQuestion) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(fs::path(FILM_TEST_DATA) / "tokenizer/small.model");
  for (const auto style : {text::PromptStyle::film, text::PromptStyle::plain}) {
    const text::PromptTemplate& form = text::prompt_template(style);
    std::vector<text::TokenIds> asked;
    answers::LocalAnswerer model(std::make_unique<KeepingModel>(asked), tokenizer, form);
    run_task(task_, model, options_);
    fs::remove_all(folder_ / "predictions");
    const std::vector<Json> list = rows({task_});
    ASSERT_EQ(asked.size(), list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
      EXPECT_EQ(text::encode_opening(form, tokenizer, list[i]["context"].get<std::string>(),
                                     list[i]["question"].get<std::string>()),
                asked[i]);
  }
}

}  // namespace
}  // namespace film::evaluation
