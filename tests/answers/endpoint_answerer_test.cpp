#include "film/answers/endpoint_answerer.h"

#include "../support/test_server.h"

namespace film::answers {
namespace {

using endpoint::quick_settings;
using endpoint::TestServer;

std::vector<Request> questions(const std::vector<std::string>& texts) {
  std::vector<Request> requests;
  for (const std::string& text : texts) requests.push_back({.question = text});
  return requests;
}

Decoding short_answers() { return {.max_new_tokens = 8}; }

TEST(EndpointAnswerer, AnswersInTheOrderOfTheRequests) {
  TestServer server({"--latency", "0.01"});
  EndpointAnswerer model(quick_settings(server.url()));
  std::vector<std::string> texts;
  for (int i = 0; i < 50; ++i) texts.push_back("number " + std::to_string(i));
  const auto answers = model.answer(questions(texts), short_answers());
  ASSERT_EQ(answers.size(), 50u);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(answers[i].text, "answer to " + texts[i]);
    EXPECT_EQ(answers[i].state, AnswerState::given);
  }
  EXPECT_NE(model.describe().find("test-model"), std::string::npos);
}

TEST(EndpointAnswerer, TheContextComesFirst) {
  TestServer server;
  EndpointAnswerer model(quick_settings(server.url()));
  const auto context = std::make_shared<Context>(Context{.text = "The context."});
  EXPECT_EQ(model.answer(std::vector{Request{.context = context, .question = "q"}}, short_answers())[0].text,
            "answer to The context.\n\nq");
}

TEST(EndpointAnswerer, ContextsOfIdsAreDecoded) {
  const fs::path file = fs::path(FILM_TEST_DATA) / "tokenizer" / "small.model";
  if (!fs::exists(file)) GTEST_SKIP() << "no tokenizer fixture: " << file;
  const auto tokenizer = text::Tokenizer::load(file);
  TestServer server;
  const auto context = std::make_shared<Context>(Context{.ids = tokenizer.encode("a fact")});
  const std::vector asked = {Request{.context = context, .question = "q"}};
  EndpointAnswerer model(quick_settings(server.url()), {}, tokenizer);
  EXPECT_EQ(model.answer(asked, short_answers())[0].text, "answer to a fact\n\nq");
  EndpointAnswerer without(quick_settings(server.url()));
  EXPECT_THROW(without.answer(asked, short_answers()), Error);
}

TEST(EndpointAnswerer, WhatIsNotCompleteHasAStatusAndTheServersWords) {
  TestServer server;
  EndpointAnswerer model(quick_settings(server.url()));
  const auto answers = model.answer(
      questions({R"({"id": "cut", "script": [{"text": "fou", "finish_reason": "length"}]})",
                 R"({"id": "no", "script": [{"text": null, "message": {"refusal": "I would rather not"}}]})",
                 R"({"id": "filter", "script": [{"text": "ab", "finish_reason": "content_filter"}]})",
                 R"({"id": "blank", "script": [{"text": " \n"}]})", "yes"}),
      short_answers());
  EXPECT_EQ(answers[0].text, "fou");
  EXPECT_EQ(answers[0].state, AnswerState::cut);
  EXPECT_EQ(answers[1].text, "");
  EXPECT_EQ(answers[1].state, AnswerState::refused);
  EXPECT_NE(answers[1].detail.find("I would rather not"), std::string::npos) << answers[1].detail;
  EXPECT_EQ(answers[2].state, AnswerState::refused);
  EXPECT_NE(answers[2].detail.find("content_filter"), std::string::npos) << answers[2].detail;
  EXPECT_EQ(answers[3].text, "");
  EXPECT_EQ(answers[3].state, AnswerState::empty);
  EXPECT_EQ(answers[4].text, "answer to yes");
  EXPECT_EQ(answers[4].detail, "");
}

TEST(EndpointAnswerer, AQuestionWithoutAReplyHasFailedAndTheOthersAreKept) {
  TestServer server;
  EndpointAnswerer model(quick_settings(server.url()));
  const std::vector<Answer> answers =
      model.answer(questions({"works", R"({"id": "poison", "script": [{"status": 500}]})"}), short_answers());
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].state, AnswerState::given);
  EXPECT_EQ(answers[1].state, AnswerState::failed);
  EXPECT_NE(answers[1].detail.find("500"), std::string::npos) << answers[1].detail;
}

TEST(EndpointAnswerer, APromptThatTheServerCutIsNotAnswered) {
  TestServer server;
  EndpointAnswerer model(quick_settings(server.url()));
  // The script of the test server, and blanks behind it: 1,000 tokens of ours in more than 8,000 bytes.
  std::vector<Request> requests;
  for (const std::string tokens : {"200", "999", "600", "0"}) {
    const std::string script = R"({"id": "u)" + tokens +
                               R"(", "script": [{"text": "four", "usage": {"prompt_tokens": )" + tokens +
                               R"(, "completion_tokens": 1}}]})" + std::string(8000, ' ');
    requests.push_back(
        {.context = std::make_shared<const Context>(Context{script, text::TokenIds(1000, 7)})});
  }
  const std::vector<Answer> answers = model.answer(requests, short_answers());
  EXPECT_EQ(answers[0].state, AnswerState::prompt_cut);
  EXPECT_EQ(answers[0].detail, "the server read 200 of about 1000 tokens");
  for (const std::size_t i : {1U, 2U, 3U}) EXPECT_EQ(answers[i].state, AnswerState::given) << i;
}

TEST(EndpointAnswerer, SaysWhyARunEnds) {
  TestServer server;
  EndpointAnswerer model(quick_settings(server.url()));
  try {
    model.answer(questions({R"({"id": "key", "script": [{"status": 401}]})"}), short_answers());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::denied) << error.what();
  }
}

TEST(EndpointAnswerer, CannotRateChoices) {
  TestServer server;
  EndpointAnswerer model(quick_settings(server.url()));
  try {
    model.answer(std::vector{Request{.question = "q", .choices = {"a", "b"}}}, short_answers());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("cannot rate"), std::string::npos) << error.what();
  }
}

TEST(EndpointAnswerer, TheJournalKnowsDecodings) {
  TestServer server;
  const fs::path journal =
      fs::temp_directory_path() / ("film_answers_" + std::to_string(::getpid()) + ".jsonl");
  fs::remove(journal);
  Decoding other = short_answers();
  other.stop = {"\n"};
  other.sampling = engine::Sampling{.temperature = 0.5, .seed = 1};
  EndpointAnswerer(quick_settings(server.url()), journal).answer(questions({"q"}), short_answers());
  const auto size = fs::file_size(journal);
  EndpointAnswerer(quick_settings(server.url()), journal).answer(questions({"q"}), short_answers());
  EXPECT_EQ(fs::file_size(journal), size) << "asked once";
  EndpointAnswerer(quick_settings(server.url()), journal).answer(questions({"q"}), other);
  EXPECT_GT(fs::file_size(journal), size) << "another decoding is another request";
  fs::remove(journal);
}

}  // namespace
}  // namespace film::answers
