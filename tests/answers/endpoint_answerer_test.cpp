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

// 3,000 tokens or more of plain words, different in each.
std::string long_text(int number) {
  std::string text;
  for (int i = 0; i < 1500; ++i) text += "Word " + std::to_string(number) + " of many plain ones. ";
  return text;
}

std::optional<text::Tokenizer> small_tokenizer() {
  return text::Tokenizer::load(fs::path(FILM_TEST_DATA) / "tokenizer" / "small.model");
}

std::vector<Request> about(const std::string& text, int questions) {
  const auto context = std::make_shared<const Context>(Context{.text = text});
  std::vector<Request> requests;
  for (int i = 0; i < questions; ++i)
    requests.push_back({.context = context, .question = "question " + std::to_string(i)});
  return requests;
}

TEST(EndpointAnswerer, AServerThatCutsAFractionOfThePromptIsNoticed) {
  const std::string text = long_text(1);
  const auto tokens = static_cast<std::size_t>(text.size() / 4);  // as the test server counts
  TestServer whole, cutting({"--window", std::to_string(tokens * 8 / 10)});
  for (const auto* server : {&whole, &cutting}) {
    EndpointAnswerer model(quick_settings(server->url()), {}, small_tokenizer());
    for (const Answer& answer : model.answer(about(text, 3), short_answers()))
      EXPECT_EQ(answer.state, server == &whole ? AnswerState::given : AnswerState::prompt_cut)
          << answer.detail;
  }
}

TEST(EndpointAnswerer, APromptOverTheServersLimitIsCountedAndNotSent) {
  TestServer server({"--max-model-len", "5000"});
  EndpointAnswerer model(quick_settings(server.url()), {}, small_tokenizer());
  const auto answers =
      model.answer(about(long_text(1), 2), short_answers());  // 10,000 tokens as the server counts
  for (const Answer& answer : answers) {
    EXPECT_EQ(answer.state, AnswerState::refused);
    EXPECT_TRUE(answer.detail.starts_with("too_long: not sent")) << answer.detail;
  }
  EXPECT_EQ(server.seen().at("total"), 2) << "the two that show how it counts";
}

TEST(EndpointAnswerer, QuestionsOfAContextFollowItsFirst) {
  TestServer server({"--latency", "0.02"});
  EndpointAnswerer model(quick_settings(server.url()));
  std::vector<Request> asked;
  for (const char* name : {"one", "two"})
    for (const Request& request : about(name, 5)) asked.push_back(request);
  const auto answers = model.answer(asked, short_answers());
  for (std::size_t i = 0; i < asked.size(); ++i)
    EXPECT_EQ(answers[i].text,
              "answer to " + std::string(i < 5 ? "one" : "two") + "\n\nquestion " + std::to_string(i % 5));
  const Json prompts = server.seen().at("prompts");
  EXPECT_EQ(prompts.at(0), "one\n\nquestion 0");
  EXPECT_EQ(prompts.size(), 10u);
}

endpoint::EndpointSettings raw_settings(const TestServer& server, endpoint::RawTemplate form) {
  endpoint::EndpointSettings settings = quick_settings(server.url());
  settings.route = endpoint::Route::completions;
  settings.raw_template = form;
  return settings;
}

TEST(EndpointAnswerer, RawPromptsAreSentInTheTemplateNamed) {
  TestServer server({"--around", "1"});  // the begin token
  EndpointAnswerer model(raw_settings(server, endpoint::RawTemplate::mistral));
  EXPECT_EQ(model.answer(about("C", 1), short_answers())[0].text, "answer to [INST] C\n\nquestion 0 [/INST]");
  const Json seen = server.seen();
  EXPECT_EQ(seen.at("total"), 3) << "two prompts show that raw is raw";
  EXPECT_EQ(seen.at("paths").at("/v1/completions"), 3);
}

TEST(EndpointAnswerer, AServerThatWrapsRawPromptsIsNotAsked) {
  TestServer server({"--around", "25"});
  EndpointAnswerer model(raw_settings(server, endpoint::RawTemplate::film));
  try {
    model.answer(about("C", 1), short_answers());
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("puts 25 tokens of its own around a raw prompt"),
              std::string::npos)
        << error.what();
  }
  EXPECT_EQ(server.seen().at("total"), 2);
}

TEST(EndpointAnswerer, ThinkingAloudIsNoAnswer) {
  TestServer server;
  EndpointAnswerer model(quick_settings(server.url()));
  const auto answers = model.answer(
      questions(
          {R"({"id": "t1", "script": [{"text": "<think>it may be four</think>"}]})",
           R"({"id": "t2", "script": [{"text": null, "message": {"reasoning": "hm"}, "finish_reason": "length"}]})",
           R"({"id": "t3", "script": [{"text": "<think>still at it", "finish_reason": "stop"}]})",
           R"({"id": "t4", "script": [{"text": "so</think>four"}]})"}),
      short_answers());
  for (const std::size_t i : {0U, 1U, 2U}) EXPECT_EQ(answers[i].state, AnswerState::thinking) << i;
  EXPECT_EQ(answers[3].text, "four");
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
