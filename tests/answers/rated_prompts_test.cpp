// Whole prompts with choices as ids, and how much of them neighbours share.
#include "answers/rated_prompts.h"

#include <gtest/gtest.h>

#include "../support/failure.h"

namespace film::answers {
namespace {

using text::TokenIds;

class Rated : public ::testing::Test {
 protected:
  RatedPrompt rated(const std::string& prompt, std::vector<std::string> choices, bool begin = true) const {
    return rated_prompt(
        {.question = prompt, .form = Form::text, .choices = std::move(choices), .begin = begin}, tokenizer_);
  }
  TokenIds whole(const RatedPrompt& prompt, std::size_t choice) const {
    TokenIds ids = prompt.ids;
    ids.insert(ids.end(), prompt.continuations[choice].begin(), prompt.continuations[choice].end());
    return ids;
  }
  text::Tokenizer tokenizer_ = text::Tokenizer::load(fs::path(FILM_TEST_DATA) / "tokenizer" / "small.model");
};

TEST_F(Rated, PromptAndChoiceAreEncodedAsOneText) {
  const char* prompts[] = {"Question: which?\nAnswer:", "The sky is ", "ends with two blanks  ", "a line\n"};
  for (const char* prompt : prompts) {
    const RatedPrompt read = rated(prompt, {" blue", "green is it"}, false);
    EXPECT_EQ(whole(read, 0), tokenizer_.encode(std::string(prompt) + " blue")) << prompt;
    EXPECT_EQ(whole(read, 1), tokenizer_.encode(std::string(prompt) + "green is it")) << prompt;
  }
  EXPECT_EQ(rated("The sky is ", {"blue"}, false).ids, tokenizer_.encode("The sky is"))
      << "white space at the end belongs to the choices";
}

TEST_F(Rated, BeginsWithSOnlyWhereItIsAskedTo) {
  EXPECT_EQ(rated("which?", {" a"}).ids.front(), tokenizer_.bos());
  EXPECT_NE(rated("which?", {" a"}, false).ids.front(), tokenizer_.bos());
  EXPECT_EQ(rated("  ", {"a"}, false).ids, TokenIds{tokenizer_.bos()})
      << "something must predict the first token";
}

TEST_F(Rated, AChoiceWithoutATokenIsNamed) {
  EXPECT_NE(support::failure_of([&] {
              rated("which?", {" a", ""});
            }).find("adds no token"),
            std::string::npos);
}

RatedPrompt made(TokenIds ids, std::vector<std::size_t> lengths) {
  RatedPrompt prompt{std::move(ids), {}};
  for (const std::size_t length : lengths) prompt.continuations.emplace_back(length, 9);
  return prompt;
}

TokenIds ids(std::size_t shared, std::size_t own, int mark) {
  TokenIds list(shared, 3);
  list.insert(list.end(), own, mark);
  return list;
}

TEST(SharedIds, AreWorkedExamplesOrTheWholePrompt) {
  const std::vector<std::size_t> letters = {1, 1, 1, 1}, texts = {12, 9, 11, 10};
  // Worked examples in front of many questions: read once, also where choices are long.
  const std::vector<RatedPrompt> examples = {made(ids(500, 40, 5), letters), made(ids(500, 30, 6), letters),
                                             made(ids(500, 20, 7), texts)};
  EXPECT_EQ(shared_ids(examples), (std::vector<std::size_t>{500, 500, 500}));
  // Hardly anything in common: every prompt is read once for its choices.
  const std::vector<RatedPrompt> apart = {made(ids(4, 80, 5), texts), made(ids(4, 70, 6), texts)};
  EXPECT_EQ(shared_ids(apart), (std::vector<std::size_t>{83, 73}));
  // Two subjects, one behind the other.
  const std::vector<RatedPrompt> subjects = {made(ids(300, 20, 5), letters), made(ids(300, 20, 6), letters),
                                             made(ids(0, 320, 7), letters), made(ids(0, 320, 7), letters)};
  EXPECT_EQ(shared_ids(subjects), (std::vector<std::size_t>{300, 300, 319, 319}));
  EXPECT_TRUE(shared_ids({}).empty());
}

TEST(SharedIds, LeaveOneOfEveryPrompt) {
  const std::vector<RatedPrompt> same = {made({1, 2, 3}, {1}), made({1, 2, 3}, {1}), made({1, 2}, {2})};
  const std::vector<std::size_t> shared = shared_ids(same);
  for (std::size_t i = 0; i < same.size(); ++i) EXPECT_LT(shared[i], same[i].ids.size());
}

}  // namespace
}  // namespace film::answers
