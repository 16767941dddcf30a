#include "evaluation/answer_cache.h"

#include <gtest/gtest.h>

#include <set>

#include "../support/failure.h"
#include "../support/temp_folder.h"

namespace film::evaluation {
namespace {

using answers::Answer;
using answers::Decoding;
using answers::Request;

// Says the question again and remembers how often it was asked.
class Echo : public answers::Answerer {
 public:
  explicit Echo(std::vector<std::string>& asked) : asked_(asked) {}
  std::vector<Answer> answer(std::span<const Request> requests, const Decoding&) override {
    std::vector<Answer> answers;
    for (const Request& request : requests) {
      asked_.push_back(request.question);
      Answer answer{.text = "said " + request.question};
      if (request.question == "long") answer.state = AnswerState::cut;
      for (std::size_t c = 0; c < request.choices.size(); ++c)
        answer.log_likelihoods.push_back(-1.0 / 3 - 0.1 * static_cast<double>(c));
      answers.push_back(answer);
    }
    return answers;
  }
  std::string describe() const override { return "echo"; }

 private:
  std::vector<std::string>& asked_;
};

TEST(AnswerCache, AsksOnceAndGivesTheSameAnswersAgain) {
  support::TempFolder folder;
  std::vector<std::string> asked;
  const std::vector<Request> requests = {
      {.question = "a"}, {.question = "long"}, {.question = "b", .choices = {"x", "y"}}};
  std::vector<Answer> first;
  {
    CachedAnswerer cached(std::make_unique<Echo>(asked), folder / "m");
    cached.answer(std::span(requests).first(1), {});
    first = cached.answer(requests, {});
    EXPECT_EQ(asked, (std::vector<std::string>{"a", "long", "b"}));
  }
  CachedAnswerer again(std::make_unique<Echo>(asked), folder / "m");
  const std::vector<Answer> second = again.answer(requests, {});
  EXPECT_EQ(asked.size(), 3u);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(second[i].text, first[i].text);
    EXPECT_EQ(second[i].state, first[i].state);
    EXPECT_EQ(second[i].log_likelihoods, first[i].log_likelihoods);
  }
  EXPECT_EQ(second[1].state, AnswerState::cut);
}

TEST(AnswerCache, WhateverChangesAnAnswerChangesItsKey) {
  const auto context = std::make_shared<answers::Context>(answers::Context{.text = "c"});
  const auto ids = std::make_shared<answers::Context>(answers::Context{.text = "c", .ids = {1, 2}});
  const Request plain{.question = "q"};
  std::vector<std::pair<Request, Decoding>> cases = {
      {plain, {}},
      {{.context = context, .question = "q"}, {}},
      {{.context = ids, .question = "q"}, {}},
      {{.question = "q", .form = answers::Form::text}, {}},
      {{.question = "q", .form = answers::Form::text, .begin = false}, {}},
      {{.question = "q", .choices = {"a"}}, {}},
      {{.question = "q", .answer_start = "It"}, {}},
      {plain, {.max_new_tokens = 7}},
      {plain, {.stop = {"."}}},
      {plain, {.sampling = engine::Sampling{.temperature = 1, .seed = 1}}},
      {plain, {.sampling = engine::Sampling{.temperature = 1, .seed = 2}}},
      {{.question = "q", .item = 1}, {.sampling = engine::Sampling{.temperature = 1, .seed = 2}}}};
  std::set<std::string> keys;
  for (const auto& [request, decoding] : cases) keys.insert(answer_key(request, decoding));
  EXPECT_EQ(keys.size(), cases.size());
  // Greedy answers do not depend on the question's number.
  EXPECT_EQ(answer_key({.question = "q", .item = 4}, {}), answer_key(plain, {}));
}

TEST(AnswerCache, OneProcessAtATimeAndNoDamagedFile) {
  support::TempFolder folder;
  std::vector<std::string> asked;
  {
    CachedAnswerer cached(std::make_unique<Echo>(asked), folder / "m");
    EXPECT_EQ(support::code_of([&] { CachedAnswerer(std::make_unique<Echo>(asked), folder / "m"); }),
              ExitCode::cannot_create);
  }
  folder.put("m/answers.jsonl", "{\"key\": \"k\"}\n");
  EXPECT_EQ(support::code_of([&] { CachedAnswerer(std::make_unique<Echo>(asked), folder / "m"); }),
            ExitCode::bad_data);
}

}  // namespace
}  // namespace film::evaluation
