// Questions of one context follow its first; counts of a server in terms of ours; texts with a template.
#include "answers/prefix_order.h"

#include <gtest/gtest.h>

#include "answers/request_text.h"
#include "answers/server_tokens.h"
#include "film/base/error.h"
#include "film/endpoint/raw_prompt.h"

namespace film::answers {
namespace {

// One letter for each request: equal letters share a context, '.' has none.
std::vector<Request> requests(const std::string& letters, std::size_t bytes = 10) {
  std::map<char, std::shared_ptr<const Context>> contexts;
  std::vector<Request> list;
  for (const char letter : letters) {
    auto& context = contexts[letter];
    if (letter != '.' && context == nullptr)
      context = std::make_shared<const Context>(Context{.text = std::string(bytes, letter)});
    list.push_back({.context = letter == '.' ? nullptr : context});
  }
  return list;
}

std::vector<std::size_t> sent_now(PrefixOrder& order) {
  std::vector<std::size_t> list;
  while (const auto next = order.next()) list.push_back(*next);
  return list;
}

using Numbers = std::vector<std::size_t>;

TEST(PrefixOrder, TheFirstOfAContextGoesAlone) {
  const auto asked = requests("aaabb");
  PrefixOrder order(asked);
  EXPECT_EQ(sent_now(order), (Numbers{0, 3}));
  order.done(3);
  EXPECT_EQ(sent_now(order), Numbers{4});
  order.done(0);
  EXPECT_EQ(sent_now(order), (Numbers{1, 2}));
  for (const std::size_t i : {1U, 2U, 4U}) order.done(i);
  EXPECT_EQ(order.next(), std::nullopt);
}

TEST(PrefixOrder, FewLongContextsAreOpenAtOnce) {
  const auto shorts = requests("aabbccddeeff");
  PrefixOrder unlimited(shorts);
  EXPECT_EQ(sent_now(unlimited).size(), 6u);
  const auto huge = requests("aabb", 3 << 20);
  PrefixOrder one(huge);
  EXPECT_EQ(sent_now(one), Numbers{0}) << "one always";
  const auto asked = requests("aabbccddeeff", 256 << 10);
  PrefixOrder order(asked);
  EXPECT_EQ(sent_now(order), (Numbers{0, 2, 4, 6}));
  order.done(2);
  EXPECT_EQ(sent_now(order), Numbers{3}) << "b is still open";
  order.done(3);
  EXPECT_EQ(sent_now(order), Numbers{8});
}

TEST(PrefixOrder, QuestionsThatShareNothingWaitForNothing) {
  const auto asked = requests("..abcdefgh.");
  PrefixOrder order(asked);
  EXPECT_EQ(sent_now(order).size(), asked.size());
}

endpoint::Usage usage(std::int64_t prompt) { return {prompt, 1, true}; }

TEST(ServerTokens, ACutPromptFallsShortOfWhatTwoOthersForetell) {
  const ServerTokens same(100, usage(120), 300, usage(320));  // our vocabulary, 20 tokens around
  EXPECT_DOUBLE_EQ(same.expected(5000), 5020);
  EXPECT_FALSE(same.is_cut(usage(5025), 5000, 0));
  EXPECT_FALSE(same.is_cut(usage(4980), 5000, 0));
  EXPECT_TRUE(same.is_cut(usage(4096), 5000, 0));
  EXPECT_TRUE(same.is_cut(usage(4096), 4300, 0)) << "less than a twentieth is missing";
  EXPECT_FALSE(same.is_cut(usage(10), 200, 0)) << "too short to say";
  EXPECT_FALSE(same.is_cut({}, 5000, 0)) << "nothing was counted";
  const ServerTokens other(100, usage(150), 300, usage(310));  // 0.8 of ours, 70 around
  EXPECT_FALSE(other.is_cut(usage(3800), 5000, 0)) << "texts differ";
  EXPECT_TRUE(other.is_cut(usage(3600), 5000, 0));
}

TEST(ServerTokens, NonsenseIsNotLearnedFrom) {
  for (const auto& [small, large] : {std::pair{120, 120}, {120, 90}, {0, 20'000}}) {
    const ServerTokens tokens(100, usage(small), 300, usage(large));
    EXPECT_FALSE(tokens.known()) << large;
  }
  EXPECT_FALSE(ServerTokens(100, {}, 300, usage(320)).known());
}

TEST(ServerTokens, OnlyWhatCertainlyDoesNotFitIsOver) {
  const ServerTokens same(100, usage(120), 300, usage(320));
  EXPECT_TRUE(same.is_over(4096, 5000, 20'000, 64));
  EXPECT_FALSE(same.is_over(4096, 4000, 16'000, 64));
  EXPECT_TRUE(same.is_over(4096, 4070, 16'000, 200));
  EXPECT_FALSE(ServerTokens().is_over(4096, 0, 20'000, 64)) << "perhaps the vocabulary is a large one";
  EXPECT_TRUE(ServerTokens().is_over(4096, 0, 40'000, 64));
}

TEST(ServerTokens, ATemplateShowsInTheCountOfATextAndOfItTwice) {
  EXPECT_EQ(added_around(usage(241), usage(481)), 1);
  EXPECT_EQ(added_around(usage(240 + 30), usage(480 + 30)), 30);
  EXPECT_EQ(added_around({}, usage(1)), std::nullopt);
}

endpoint::EndpointSettings settings(endpoint::Route route, endpoint::RawTemplate form) {
  endpoint::EndpointSettings chosen;
  chosen.route = route;
  chosen.raw_template = form;
  return chosen;
}

TEST(RequestText, ATemplateIsPutAroundOnce) {
  const auto chat = settings(endpoint::Route::chat, endpoint::RawTemplate::none),
             film = settings(endpoint::Route::completions, endpoint::RawTemplate::film),
             raw = settings(endpoint::Route::completions, endpoint::RawTemplate::none);
  EXPECT_EQ(request_for("C", "q", Form::instruction, chat).messages.at(0).text, "C\n\nq");
  EXPECT_FALSE(request_for("C", "q", Form::instruction, chat).raw);
  EXPECT_EQ(*request_for("", "[INST] q [/INST]", Form::text, film).raw, "[INST] q [/INST]");
  EXPECT_EQ(*request_for("C", "q", Form::instruction, raw).raw, "C\n\nq");
  const std::string whole = *request_for("C", "q", Form::instruction, film).raw;
  EXPECT_TRUE(whole.starts_with("[INST] Below is a context") &&
              whole.ends_with("### Instruction:\nq [/INST]\n"))
      << whole;
  for (const char* text : {"[INST] q [/INST]", " <s>[INST] q", "<|im_start|>user\nq", "<|begin_of_text|>q"}) {
    EXPECT_THROW(request_for("", text, Form::text, chat), Error) << text;
    EXPECT_THROW(request_for("", text, Form::instruction, film), Error) << text;
  }
  EXPECT_NO_THROW(request_for("", "what does [INST] mean?", Form::text, chat));
}

TEST(RequestText, AConversationKeepsItsTurns) {
  const std::string talk =
      R"([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}])";
  const auto chat = settings(endpoint::Route::chat, endpoint::RawTemplate::none);
  const auto asked = request_for("", talk, Form::messages, chat);
  ASSERT_EQ(asked.messages.size(), 3u);
  EXPECT_EQ(asked.messages[1].role, endpoint::Role::assistant);
  EXPECT_EQ(asked.messages[2].text, "c");
  EXPECT_FALSE(asked.raw);
  EXPECT_EQ(endpoint::raw_prompt(endpoint::RawTemplate::mistral, asked.messages),
            "[INST] a [/INST] b</s>[INST] c [/INST]");
  const auto bare = settings(endpoint::Route::completions, endpoint::RawTemplate::none);
  EXPECT_THROW(request_for("", talk, Form::messages, bare), Error);
  for (const char* wrong : {"hello", R"([{"role": "pilot", "content": "a"}])", R"([{"role": "user"}])"})
    EXPECT_THROW(request_for("", wrong, Form::messages, chat), Error) << wrong;
}

TEST(RequestText, WhatTheAnswerBeginsWithStandsBehindTheTemplate) {
  struct Case {
    endpoint::Route route;
    endpoint::RawTemplate form;
    const char* end;
  };
  using enum endpoint::RawTemplate;
  for (const Case& c : std::vector<Case>{{endpoint::Route::completions, film, "q [/INST]\nThe name is"},
                                         {endpoint::Route::completions, mistral, "q [/INST] The name is"},
                                         {endpoint::Route::completions, chatml, "assistant\nThe name is"},
                                         {endpoint::Route::completions, none, "\n\nq The name is"},
                                         {endpoint::Route::chat, none, "\n\nq The name is"}}) {
    const auto asked = request_for("C", "q", Form::instruction, settings(c.route, c.form), "The name is");
    const std::string text = asked.raw ? *asked.raw : asked.messages.at(0).text;
    EXPECT_TRUE(text.ends_with(c.end)) << text;
    EXPECT_EQ(asked.raw.has_value(), c.route == endpoint::Route::completions);
  }
  EXPECT_EQ(with_start("A:\n", "x"), "A:\nx");
  EXPECT_EQ(with_start("A: ", ""), "A: ");
}

}  // namespace
}  // namespace film::answers
