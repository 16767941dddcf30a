// Choices rated by a server that echoes prompts with log-probabilities: those that do it otherwise are caught.
#include <gtest/gtest.h>

#include <numeric>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "../support/test_server.h"
#include "answers/echo.h"
#include "film/answers/endpoint_answerer.h"

namespace film::answers {
namespace {

using endpoint::quick_settings;
using endpoint::TestServer;

std::vector<Request> choices() {
  std::vector<Request> asked;
  for (const char* question : {"The ship is", "The mill is ", "Ünïcode is"})
    asked.push_back(
        {.question = question, .form = Form::text, .choices = {" blue today", " red", " gone to sea"}});
  return asked;
}

std::vector<Answer> rated(const TestServer& server, const std::optional<fs::path>& journal = {}) {
  endpoint::EndpointSettings settings = quick_settings(server.url());
  settings.route = endpoint::Route::completions;
  return EndpointAnswerer(settings, journal).answer(choices(), {});
}

TEST(EndpointRating, SumsTheTokensOfEachChoice) {
  const TestServer plain({"--echo", "good"});
  const auto expected = rated(plain);
  ASSERT_EQ(expected.size(), 3u);
  for (const Answer& answer : expected) {
    ASSERT_EQ(answer.log_likelihoods.size(), 3u);
    EXPECT_EQ(answer.state, AnswerState::given);
    for (const double sum : answer.log_likelihoods) EXPECT_LT(sum, 0);
    EXPECT_NE(answer.log_likelihoods[0], answer.log_likelihoods[1]);
  }
  for (const char* mode : {"begin", "offsets"}) {
    const auto same = rated(TestServer({"--echo", mode}));
    for (std::size_t i = 0; i < same.size(); ++i)
      EXPECT_EQ(same[i].log_likelihoods, expected[i].log_likelihoods) << mode << i;
  }
}

// Every reply is cut off, for nothing new is wanted: that is no run of useless replies.
TEST(EndpointRating, ManyTextsInARow) {
  std::vector<Request> many;
  for (int i = 0; i < 25; ++i)
    for (const Request& request : choices()) many.push_back(request);
  const TestServer server({"--echo", "good"});
  endpoint::EndpointSettings settings = quick_settings(server.url());
  settings.route = endpoint::Route::completions;
  for (const Answer& answer : EndpointAnswerer(settings, {}).answer(many, {})) {
    EXPECT_EQ(answer.state, AnswerState::given) << answer.detail;
    EXPECT_LT(answer.log_likelihoods.front(), 0);
  }
}

TEST(EndpointRating, IsKeptInTheJournal) {
  const support::TempFolder folder;
  const TestServer server({"--echo", "good"});
  const auto first = rated(server, folder.path() / "journal.jsonl");
  const Json asked = server.seen()["total"];
  const auto again = rated(server, folder.path() / "journal.jsonl");
  EXPECT_EQ(server.seen()["total"], asked) << "nothing is asked twice";
  for (std::size_t i = 0; i < first.size(); ++i)
    EXPECT_EQ(first[i].log_likelihoods, again[i].log_likelihoods);
}

TEST(EndpointRating, ServersThatCannotRateAreRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {"ignored", "holds no token_logprobs"},
      {"generated", "does not begin with the prompt"},
      {"flat", "the same log-probability for different texts"},
  };
  for (const auto& [mode, said] : cases) {
    const TestServer server({"--echo", mode});
    const std::string failure = support::failure_of([&] { rated(server); });
    EXPECT_NE(failure.find("cannot rate given answers"), std::string::npos) << mode << ": " << failure;
    EXPECT_NE(failure.find(said), std::string::npos) << mode << ": " << failure;
  }
  const TestServer chat;
  const std::string failure =
      support::failure_of([&] { EndpointAnswerer(quick_settings(chat.url())).answer(choices(), {}); });
  EXPECT_NE(failure.find("on the route chat"), std::string::npos) << failure;
}

TEST(EndpointRating, PromptsThatWereNotRatedAreNotScored) {
  const std::pair<const char*, const char*> cases[] = {
      {"cut", "do not fit the text"},
      {"short", "log-probabilities for a prompt of"},
      {"null", "has the log-probability null"},
      {"positive", "has the log-probability 0.7"},
  };
  for (const auto& [mode, said] : cases) {
    const TestServer server({"--echo", mode});
    for (const Answer& answer : rated(server)) {
      EXPECT_EQ(answer.state, AnswerState::prompt_cut) << mode;
      EXPECT_NE(answer.detail.find(said), std::string::npos) << mode << ": " << answer.detail;
    }
  }
  const TestServer other({"--echo", "other"});
  const auto answers = rated(other);
  EXPECT_TRUE(std::ranges::any_of(answers, [](const Answer& answer) {
    return answer.state == AnswerState::prompt_cut && answer.detail == "the reply echoes another prompt";
  }));
}

endpoint::ChatResult reply(const std::string& text, const Json& tokens, const Json& values,
                           const Json& offsets = {}) {
  endpoint::ChatResult result;
  result.text = text;
  result.logprobs = {{"tokens", tokens}, {"token_logprobs", values}};
  if (!offsets.is_null()) result.logprobs["text_offset"] = offsets;
  return result;
}

TEST(Echo, ATokenAcrossTheSeamCountsWithTheChoice) {
  const auto sum = echoed(reply("a b c", {"a b", " c"}, {-1.0, -2.0}), "a b c", 2).sum;
  EXPECT_EQ(sum, -3.0);
  EXPECT_EQ(echoed(reply("a b c", {"a b", " c"}, {nullptr, -2.0}), "a b c", 3).sum, -2.0);
}

TEST(Echo, OffsetsAreCharacters) {
  const auto offsets = reply("é b", {"?", "?", "?"}, {nullptr, -1.0, -2.0}, {0, 1, 2});
  EXPECT_EQ(echoed(offsets, "é b", 2).sum, -3.0);
  EXPECT_FALSE(echoed(reply("é b", {"?", "?"}, {nullptr, -1.0}, {0, 7, 9}), "é b", 2).sum);
}

}  // namespace
}  // namespace film::answers
