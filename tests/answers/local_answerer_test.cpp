#include "film/answers/local_answerer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "../support/prompt_text.h"

namespace film::answers {
namespace {

using engine::Completion;
using engine::Prompt;
using text::TokenIds;

const text::PromptTemplate& kForm = text::prompt_template(text::PromptStyle::film);

fs::path model_file() { return fs::path(FILM_TEST_DATA) / "tokenizer" / "small.model"; }

// Remembers what it was asked; writes the same ids behind every prompt, one by one.
class FakeModel : public engine::LanguageModel {
 public:
  struct Call {
    std::vector<TokenIds> prefixes, ids;
    std::vector<std::uint64_t> items;
    engine::Decoding decoding;
    std::vector<TokenIds> continuations;
  };

  explicit FakeModel(std::vector<Call>& calls, TokenIds reply) : calls_(calls), reply_(std::move(reply)) {}

  std::vector<Completion> generate(std::span<const Prompt> prompts,
                                   const engine::Decoding& decoding) override {
    calls_.push_back(noted(prompts));
    calls_.back().decoding = decoding;
    std::vector<Completion> completions(prompts.size());
    for (std::size_t p = 0; p < prompts.size(); ++p) write(p, decoding, completions[p]);
    return completions;
  }
  std::vector<double> log_likelihood(std::span<const Prompt> prompts,
                                     std::span<const TokenIds> continuations) override {
    calls_.push_back(noted(prompts));
    calls_.back().continuations.assign(continuations.begin(), continuations.end());
    std::vector<double> sums;
    for (std::size_t i = 0; i < prompts.size(); ++i) sums.push_back(-1.0 * static_cast<double>(i));
    return sums;
  }
  std::int64_t max_tokens() const override { return 4096; }
  std::string describe() const override { return "fake"; }

 private:
  static Call noted(std::span<const Prompt> prompts) {
    Call call;
    for (const Prompt& prompt : prompts) {
      call.prefixes.emplace_back(prompt.prefix.begin(), prompt.prefix.end());
      call.ids.push_back(prompt.ids);
      call.items.push_back(prompt.item);
    }
    return call;
  }
  void write(std::size_t prompt, const engine::Decoding& decoding, Completion& completion) const {
    for (const text::TokenId id : reply_) {
      if (static_cast<int>(completion.ids.size()) == decoding.max_new_tokens) return;
      if (std::ranges::find(decoding.stop, id) == decoding.stop.end()) completion.ids.push_back(id);
      if (completion.ids.empty() || completion.ids.back() != id ||
          (decoding.ends && decoding.ends(prompt, completion.ids))) {
        completion.end = Completion::End::stop;
        return;
      }
    }
  }
  std::vector<Call>& calls_;
  TokenIds reply_;
};

class Local : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(model_file())) GTEST_SKIP() << "no tokenizer fixture: " << model_file();
    tokenizer_.emplace(text::Tokenizer::load(model_file()));
  }
  // A model that writes this text, and its end unless it never ends.
  LocalAnswerer answerer(const std::string& reply, bool ends = true) {
    TokenIds ids = tokenizer_->encode(reply);
    if (ends) ids.push_back(tokenizer_->eos());
    return {std::make_unique<FakeModel>(calls_, ids), *tokenizer_, kForm};
  }
  Request request(const std::string& question, std::uint64_t item = 0) const {
    return {.context = context_, .question = question, .item = item};
  }
  TokenIds prompt(std::size_t i) const {
    TokenIds ids = calls_.back().prefixes[i];
    ids.insert(ids.end(), calls_.back().ids[i].begin(), calls_.back().ids[i].end());
    return ids;
  }
  TokenIds encoded(const std::string& text) const {
    TokenIds ids = tokenizer_->encode(text);
    ids.insert(ids.begin(), tokenizer_->bos());
    return ids;
  }

  std::optional<text::Tokenizer> tokenizer_;
  std::shared_ptr<const Context> context_ =
      std::make_shared<Context>(Context{.text = "the first line\nthe second line"});
  std::vector<FakeModel::Call> calls_;
};

TEST_F(Local, QuestionsOnOneContextShareItsPrefix) {
  LocalAnswerer model = answerer("the answer");
  const std::vector<Request> asked = {request("what is it?", 4), request("what was it?", 5)};
  const std::vector<Answer> answers = model.answer(asked, {.max_new_tokens = 17});
  ASSERT_EQ(answers.size(), 2u);
  for (const Answer& answer : answers) {
    EXPECT_EQ(answer.text, "the answer");
    EXPECT_EQ(answer.state, AnswerState::given);
  }
  ASSERT_EQ(calls_.size(), 1u);
  EXPECT_EQ(calls_[0].prefixes[0], calls_[0].prefixes[1]);
  EXPECT_EQ(calls_[0].items, (std::vector<std::uint64_t>{4, 5}));
  EXPECT_EQ(calls_[0].decoding.max_new_tokens, 17);
  EXPECT_EQ(calls_[0].decoding.stop, TokenIds{tokenizer_->eos()});
  EXPECT_EQ(calls_[0].decoding.sampling.temperature, 0);
  // Prefix and ids together are the prompt, encoded as one text.
  EXPECT_EQ(prompt(1), encoded(support::prompt_text(kForm, context_->text, asked[1].question)));
}

TEST_F(Local, IdsOfAContextAreUsedAsTheyAre) {
  LocalAnswerer model = answerer("x");
  context_ = std::make_shared<Context>(Context{.text = "another text", .ids = {9, 8, 7}});
  model.answer(std::vector{request("?")}, {});
  const TokenIds& prefix = calls_[0].prefixes[0];
  EXPECT_TRUE(std::equal(prefix.end() - 3, prefix.end(), context_->ids.begin()));
}

TEST_F(Local, OtherContextsAndFormsAreCallsOfTheirOwn) {
  LocalAnswerer model = answerer("x");
  Request alone = request("alone?");
  alone.context = nullptr;
  const Request text{.question = "the whole prompt:", .form = Form::text};
  const auto other = std::make_shared<Context>(Context{.text = "elsewhere"});
  Request elsewhere = request("where?");
  elsewhere.context = other;
  EXPECT_EQ(model.answer(std::vector{request("a"), request("b"), elsewhere, alone, text}, {}).size(), 5u);
  ASSERT_EQ(calls_.size(), 4u);
  EXPECT_EQ(calls_[0].ids.size(), 2u);
  EXPECT_TRUE(calls_[2].prefixes[0].empty());
  EXPECT_EQ(calls_[2].ids[0], encode_question(kForm, *tokenizer_, "alone?", false));
  EXPECT_EQ(calls_[3].ids[0], encoded("the whole prompt:"));
}

TEST_F(Local, AConversationIsReadInMistralsTemplate) {
  LocalAnswerer model = answerer("x");
  const Request talk{
      .question = R"([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "a boat?"},
                      {"role": "assistant", "content": "two"}, {"role": "user", "content": "where?"}])",
      .form = Form::messages};
  model.answer(std::vector{talk}, {});
  TokenIds wanted = encoded("[INST] Be brief.\n\na boat? [/INST]");
  const auto add = [&](const TokenIds& more) { wanted.insert(wanted.end(), more.begin(), more.end()); };
  add(tokenizer_->encode("two"));
  add({tokenizer_->eos()});
  add(tokenizer_->encode("[INST] where? [/INST]"));
  EXPECT_EQ(calls_[0].ids[0], wanted);
}

TEST_F(Local, TheModelGoesOnFromWhatTheAnswerBeginsWith) {
  LocalAnswerer model = answerer("x");
  Request begun = request("what?");
  begun.answer_start = "It is";
  const Request text{.question = "Q: what?\nA:", .form = Form::text, .answer_start = "It is"};
  model.answer(std::vector{begun, text}, {});
  const TokenIds start = tokenizer_->encode_continuation("It is");
  EXPECT_TRUE(std::equal(start.begin(), start.end(), calls_[0].ids[0].end() - std::ssize(start)));
  EXPECT_EQ(calls_[1].ids[0], encoded("Q: what?\nA: It is"));
}

TEST_F(Local, AStopStringEndsTheAnswerBeforeIt) {
  LocalAnswerer model = answerer("the answer. the next question", false);
  const Answer answer =
      model.answer(std::vector{request("?")}, {.max_new_tokens = 1000, .stop = {"never", "the next"}})[0];
  EXPECT_EQ(answer.text, "the answer.");
  EXPECT_EQ(answer.state, AnswerState::given);
}

TEST_F(Local, TheStatusOfWhatIsNotComplete) {
  const Answer cut =
      answerer("the answer is a long one", false).answer(std::vector{request("?")}, {.max_new_tokens = 3})[0];
  EXPECT_EQ(cut.state, AnswerState::cut);
  EXPECT_FALSE(cut.text.empty());
  const Answer empty = answerer("").answer(std::vector{request("?")}, {})[0];
  EXPECT_EQ(empty.state, AnswerState::empty);
  EXPECT_EQ(empty.text, "");
}

TEST_F(Local, ChoicesAreRatedBehindTheirQuestions) {
  LocalAnswerer model = answerer("x");
  Request first = request("which?"), second = request("and which?");
  first.choices = {"the cat", "a dog"};
  second.choices = {"one", "two", "three"};
  const std::vector<Answer> answers = model.answer(std::vector{first, second}, {});
  ASSERT_EQ(calls_.size(), 1u);
  EXPECT_EQ(answers[0].log_likelihoods, (std::vector<double>{0, -1}));
  EXPECT_EQ(answers[1].log_likelihoods, (std::vector<double>{-2, -3, -4}));
  // Question and choice are one text to the model.
  TokenIds whole = prompt(1);
  whole.insert(whole.end(), calls_[0].continuations[1].begin(), calls_[0].continuations[1].end());
  EXPECT_EQ(whole, encoded(support::prompt_text(kForm, context_->text, "which?") + "a dog"));
}

TEST_F(Local, SamplingIsPassedOn) {
  LocalAnswerer model = answerer("x");
  model.answer(std::vector{request("?")}, {.sampling = engine::Sampling{.temperature = 0.7, .seed = 3}});
  EXPECT_EQ(calls_[0].decoding.sampling.temperature, 0.7);
  EXPECT_EQ(calls_[0].decoding.sampling.seed, 3u);
}

}  // namespace
}  // namespace film::answers
