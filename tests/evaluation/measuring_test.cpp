// Prompts are counted as they would be asked.
#include "evaluation/measuring.h"

#include <gtest/gtest.h>

namespace film::evaluation {
namespace {

class MeasuringTest : public ::testing::Test {
 protected:
  // A task with a context of so many words for each number of questions.
  static tasks::Task task(const std::vector<std::pair<int, int>>& words_and_questions) {
    tasks::Task task;
    task.name = "t";
    task.decoding.max_new_tokens = 17;
    for (const auto& [words, questions] : words_and_questions) {
      tasks::ContextItems context;
      std::string text;
      for (int w = 0; w < words; ++w) text += "word ";
      context.open = [text] { return tasks::Passage{{text}}; };
      for (int q = 0; q < questions; ++q)
        context.items.push_back({std::to_string(words) + "-" + std::to_string(q), "Which?", {"a"}});
      task.contexts.push_back(std::move(context));
    }
    return task;
  }
  engine::AskingShape shape(const std::vector<tasks::Task>& list) const {
    return measured(list, options_, tokenizer_, text::prompt_template(text::PromptStyle::film));
  }

  text::Tokenizer tokenizer_ = text::Tokenizer::load(fs::path(FILM_TEST_DATA) / "tokenizer/small.model");
  RunOptions options_;
};

TEST_F(MeasuringTest, TheMostOfEveryKind) {
  const engine::AskingShape small = shape({task({{10, 1}})}),
                            both = shape({task({{10, 5}, {200, 2}, {30, 1}})});
  EXPECT_GT(both.context, small.context + 190);
  EXPECT_EQ(both.questions, 5);
  EXPECT_EQ(both.new_tokens, 17);
  EXPECT_EQ(both.question, small.question) << "the question is the same";
  EXPECT_EQ(both.rated, 0);
  const engine::AskingShape apart = shape({task({{10, 5}}), task({{200, 2}})});
  EXPECT_EQ(apart.context, both.context);
  EXPECT_EQ(apart.questions, both.questions);
}

TEST_F(MeasuringTest, CallsAndTheLimitCount) {
  options_.questions_per_call = 4;
  EXPECT_EQ(shape({task({{10, 9}})}).questions, 4);
  EXPECT_EQ(shape({task({{10, 3}})}).questions, 3);
  options_.limit = 2;
  EXPECT_EQ(shape({task({{10, 9}})}).questions, 2);
  EXPECT_EQ(shape({task({{10, 2}, {200, 2}})}).context, shape({task({{10, 2}})}).context);
}

TEST_F(MeasuringTest, ChoicesAreRowsOfOnePass) {
  tasks::Task choose = task({{100, 3}});
  choose.mode = tasks::Mode::choose;
  for (tasks::Item& item : choose.contexts[0].items) item.choices = {"first", "the second of them"};
  const engine::AskingShape rated = shape({choose}), written = shape({task({{100, 3}})});
  EXPECT_EQ(rated.context, 0) << "nothing is generated";
  EXPECT_GE(rated.rated, written.context + 6 * written.question + 6);
}

TEST_F(MeasuringTest, NoTasksAskNothing) { EXPECT_EQ(shape({}).context, 0); }

}  // namespace
}  // namespace film::evaluation
