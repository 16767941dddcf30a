#include "film/engine/chat_endpoint.h"

#include "../support/test_server.h"

namespace film::engine {
namespace {

TEST(ChatEndpoint, AnswersInTheOrderOfTheQuestions) {
  endpoint::TestServer server({"--latency", "0.01"});
  const auto model = make_chat_endpoint(endpoint::quick_settings(server.url()));
  std::vector<std::string> questions;
  for (int i = 0; i < 50; ++i) questions.push_back("number " + std::to_string(i));
  const auto answers = model->answer({"", questions, 8});
  ASSERT_EQ(answers.size(), 50u);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(answers[i], "answer to " + questions[i]);
  EXPECT_EQ(model->answer({"The context.", {"q"}, 8})[0], "answer to The context.\n\nq");
  EXPECT_NE(model->describe().find("test-model"), std::string::npos);
}

TEST(ChatEndpoint, ACutAnswerCountsAndARefusedOneIsEmpty) {
  endpoint::TestServer server;
  const auto model = make_chat_endpoint(endpoint::quick_settings(server.url()));
  const auto answers =
      model->answer({"",
                     {R"({"id": "cut", "script": [{"text": "fou", "finish_reason": "length"}]})",
                      R"({"id": "no", "script": [{"text": null, "message": {"refusal": "no"}}]})", "yes"},
                     8});
  EXPECT_EQ(answers[0], "fou");
  EXPECT_EQ(answers[1], "");
  EXPECT_EQ(answers[2], "answer to yes");
}

TEST(ChatEndpoint, SaysWhenThereIsNoAnswer) {
  endpoint::TestServer server;
  const auto model = make_chat_endpoint(endpoint::quick_settings(server.url()));
  try {
    model->answer({"", {"works", R"({"id": "poison", "script": [{"status": 500}]})"}, 8});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unavailable);
  }
}

TEST(ChatEndpoint, SaysWhyARunEnds) {
  endpoint::TestServer server;
  const auto model = make_chat_endpoint(endpoint::quick_settings(server.url()));
  try {
    model->answer({"", {R"({"id": "key", "script": [{"status": 401}]})"}, 8});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::denied) << error.what();
  }
}

}  // namespace
}  // namespace film::engine
