#include "film/scores/answerer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "../support/prompt_text.h"
#include "fakes.h"

namespace film::scores {
namespace {

fs::path model_file() { return fs::path(FILM_TEST_DATA) / "tokenizer" / "small.model"; }

// Remembers what it was asked; answers every suffix with the same ids.
class FakeModel : public engine::LanguageModel {
 public:
  std::vector<text::TokenIds> generate(const engine::GenerationRequest& request) override {
    asked = request;
    return std::vector<text::TokenIds>(request.suffixes.size(), reply);
  }
  std::vector<double> score(const engine::GenerationRequest&, const std::vector<text::TokenIds>&) override {
    return {};
  }
  std::int64_t max_tokens() const override { return 4096; }
  std::string describe() const override { return "fake"; }
  engine::GenerationRequest asked;
  text::TokenIds reply;
};

class FakeChat : public engine::ChatModel {
 public:
  std::vector<std::string> answer(const Request& request) override {
    asked = request;
    return std::vector<std::string>(request.questions.size(), "  word 1\n");
  }
  std::string describe() const override { return "chat"; }
  Request asked;
};

TEST(LocalAnswerer, BuildsOnePrefixAndASuffixForEveryQuestion) {
  if (!fs::exists(model_file())) GTEST_SKIP() << "no tokenizer fixture: " << model_file();
  const text::Tokenizer tokenizer = text::Tokenizer::load(model_file());
  const text::PromptTemplate& form = text::prompt_template(text::PromptStyle::film);
  FakeModel model;
  model.reply = tokenizer.encode("the answer");
  LocalAnswerer answerer(model, tokenizer, form);
  Probe probe = testing::made_probe(1, 3);
  const ProbeContext& context = probe.contexts[0];
  EXPECT_EQ(answerer.answer(context, context.items, 17), (std::vector<std::string>(3, "the answer")));
  EXPECT_EQ(model.asked.suffixes.size(), 3u);
  EXPECT_EQ(model.asked.max_new_tokens, 17);
  EXPECT_EQ(model.asked.stop, tokenizer.eos());
  // Prefix and suffix together are the prompt, encoded as one text.
  text::TokenIds joined = {tokenizer.bos()};
  const text::TokenIds whole =
      tokenizer.encode(support::prompt_text(form, context.text(), context.items[1].question));
  joined.insert(joined.end(), whole.begin(), whole.end());
  text::TokenIds given = model.asked.prefix;
  given.insert(given.end(), model.asked.suffixes[1].begin(), model.asked.suffixes[1].end());
  EXPECT_EQ(given, joined);
}

TEST(LocalAnswerer, IdsOfAContextAreUsedAsTheyAre) {
  if (!fs::exists(model_file())) GTEST_SKIP() << "no tokenizer fixture: " << model_file();
  const text::Tokenizer tokenizer = text::Tokenizer::load(model_file());
  FakeModel model;
  LocalAnswerer answerer(model, tokenizer, text::prompt_template(text::PromptStyle::film));
  Probe probe = testing::made_probe(1, 1);
  probe.contexts[0].ids = {9, 8, 7};
  answerer.answer(probe.contexts[0], probe.contexts[0].items, 4);
  const text::TokenIds& prefix = model.asked.prefix;
  EXPECT_TRUE(std::equal(prefix.end() - 3, prefix.end(), probe.contexts[0].ids.begin()));
}

TEST(LineTokens, BoundTheLengthOfAJoinedContext) {
  if (!fs::exists(model_file())) GTEST_SKIP() << "no tokenizer fixture: " << model_file();
  const text::Tokenizer tokenizer = text::Tokenizer::load(model_file());
  const LineTokens tokens = line_tokens(tokenizer);
  const std::vector<std::string> lines = {"def run", "    x = 1", "", "the cat, sat.", "東京"};
  std::string joined;
  std::size_t sum = 0;
  for (const std::string& line : lines) {
    joined += (joined.empty() ? "" : "\n") + line;
    sum += tokens(line);
  }
  const std::size_t exact = tokenizer.encode_continuation(joined).size();
  EXPECT_LE(exact, sum);
  EXPECT_GE(exact + tokens(""), sum);  // short by one line break
}

TEST(ChatAnswerer, PassesTextAndTrimsAnswers) {
  FakeChat chat;
  ChatAnswerer answerer(chat);
  const Probe probe = testing::made_probe(1, 2);
  EXPECT_EQ(answerer.answer(probe.contexts[0], probe.contexts[0].items, 5),
            (std::vector<std::string>(2, "word 1")));
  EXPECT_EQ(chat.asked.context, "fact 0 of context 0\nfact 1 of context 0");
  EXPECT_EQ(chat.asked.questions[1], "what is 1?");
  EXPECT_EQ(chat.asked.max_new_tokens, 5);
}

}  // namespace
}  // namespace film::scores
