// The whole client against tests/endpoint/mock_server.py: every way to misbehave is a row.
#include <set>

#include "../support/test_server.h"

namespace film::endpoint {
namespace {

struct Row {
  const char* name;
  const char* steps;
  ChatOutcome outcome;
  Reason reason;
  int attempts;  // that the server sees
};

std::vector<Row> rows() {
  return {
      {"plain", R"({"text": "four"})", ChatOutcome::ok, Reason::none, 1},
      {"gzip", R"({"text": "four", "gzip": true})", ChatOutcome::ok, Reason::none, 1},
      {"chunked", R"({"text": "four", "chunked": true})", ChatOutcome::ok, Reason::none, 1},
      {"until close", R"({"text": "four", "close_after": true})", ChatOutcome::ok, Reason::none, 1},
      {"429 seconds", R"({"status": 429, "headers": {"retry-after": "0"}}, {"text": "four"})",
       ChatOutcome::ok, Reason::none, 2},
      {"429 milliseconds", R"({"status": 429, "headers": {"retry-after-ms": "30"}}, {"text": "four"})",
       ChatOutcome::ok, Reason::none, 2},
      {"429 past date",
       R"({"status": 429, "headers": {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}}, {"text": "four"})",
       ChatOutcome::ok, Reason::none, 2},
      {"429 nonsense date", R"({"status": 429, "headers": {"retry-after": "later"}}, {"text": "four"})",
       ChatOutcome::ok, Reason::none, 2},
      {"429 negative", R"({"status": 429, "headers": {"retry-after": "-7"}}, {"text": "four"})",
       ChatOutcome::ok, Reason::none, 2},
      {"ratelimit headers -1",
       R"({"text": "four", "headers": {"x-ratelimit-limit-requests": "-1", "x-ratelimit-remaining-requests": "-1", "x-ratelimit-reset-requests": "0s"}})",
       ChatOutcome::ok, Reason::none, 1},
      {"ratelimit headers 0",
       R"({"text": "four", "headers": {"x-ratelimit-limit-tokens": "0", "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s"}})",
       ChatOutcome::ok, Reason::none, 1},
      {"408", R"({"status": 408}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"409", R"({"status": 409}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"500", R"({"status": 500, "body": "oops"}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"502 page", R"({"status": 502, "body": "<html>"}, {"text": "four"})", ChatOutcome::ok, Reason::none,
       2},
      {"503", R"({"status": 503}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"503 thrice", R"({"status": 503}, {"status": 503}, {"status": 503}, {"text": "four"})",
       ChatOutcome::ok, Reason::none, 4},
      {"500 for ever", R"({"status": 500})", ChatOutcome::failed, Reason::server_error, 6},
      {"500 no retry", R"({"status": 500, "headers": {"x-should-retry": "false"}})", ChatOutcome::failed,
       Reason::server_error, 1},
      {"reset", R"({"do": "reset"}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"closed", R"({"do": "close"}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"cut in the middle", R"({"do": "half"}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"reset in the middle", R"({"do": "half_reset"}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"reset for ever", R"({"do": "reset"})", ChatOutcome::failed, Reason::reset, 6},
      {"not HTTP", R"({"do": "garbage"}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"empty body", R"({"body": ""}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"web page", R"({"body": "<html>busy</html>"}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"bytes FF", R"({"hex": "7b226368ff"}, {"text": "four"})", ChatOutcome::ok, Reason::none, 2},
      {"cut JSON until close", R"({"body": "{\"choices\": [{\"mess", "close_after": true}, {"text": "four"})",
       ChatOutcome::ok, Reason::none, 2},
      {"200 error 429", R"({"json": {"error": {"code": 429, "message": "slow"}}}, {"text": "four"})",
       ChatOutcome::ok, Reason::none, 2},
      {"200 error upstream", R"({"json": {"error": {"message": "upstream"}}}, {"text": "four"})",
       ChatOutcome::ok, Reason::none, 2},
      {"other JSON", R"({"json": {"hello": 1}})", ChatOutcome::failed, Reason::wrong_schema, 1},
      {"choices empty", R"({"json": {"choices": []}})", ChatOutcome::failed, Reason::wrong_schema, 1},
      {"content null", R"({"text": null})", ChatOutcome::rejected, Reason::empty, 1},
      {"content blank", R"({"text": "  "})", ChatOutcome::rejected, Reason::empty, 1},
      {"refusal", R"({"text": null, "message": {"refusal": "no"}})", ChatOutcome::rejected, Reason::refusal,
       1},
      {"cut off", R"({"text": "fou", "finish_reason": "length"})", ChatOutcome::rejected, Reason::length, 1},
      {"filtered", R"({"text": "", "finish_reason": "content_filter"})", ChatOutcome::rejected,
       Reason::content_filter, 1},
      {"prompt filtered", R"({"status": 400, "json": {"error": {"code": "content_filter"}}})",
       ChatOutcome::rejected, Reason::content_filter, 1},
      {"filter itself failed",
       R"({"text": "four", "choice": {"content_filter_results": {"error": {"code": "content_filter_error"}}}})",
       ChatOutcome::ok, Reason::none, 1},
      {"bad request", R"({"status": 400, "json": {"error": {"message": "no"}}})", ChatOutcome::rejected,
       Reason::bad_request, 1},
      {"too long", R"({"status": 400, "json": {"error": {"code": "context_length_exceeded"}}})",
       ChatOutcome::rejected, Reason::too_long, 1},
      {"413", R"({"status": 413})", ChatOutcome::rejected, Reason::too_long, 1},
      {"422", R"({"status": 422, "json": {"detail": "field"}})", ChatOutcome::rejected, Reason::bad_request,
       1},
      {"403 of one", R"({"status": 403, "body": "<html>blocked</html>"})", ChatOutcome::failed,
       Reason::denied, 1},
      {"404 of one", R"({"status": 404})", ChatOutcome::failed, Reason::no_such_address, 1},
      {"usage missing", R"({"text": "four", "usage": null})", ChatOutcome::ok, Reason::none, 1},
      {"content in parts", R"({"text": [{"type": "text", "text": "four"}]})", ChatOutcome::ok, Reason::none,
       1},
      {"a large answer, packed", R"({"do": "bomb", "bytes": 100000})", ChatOutcome::ok, Reason::none, 1},
  };
}

class MockServer : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<TestServer>(); }
  static void TearDownTestSuite() { server_.reset(); }
  static std::unique_ptr<TestServer> server_;
};
std::unique_ptr<TestServer> MockServer::server_;

TEST_F(MockServer, EveryRowEndsAsItShouldAndNoneIsLostOrDoubled) {
  std::vector<std::string> texts = {"something that works first"};
  const auto table = rows();
  for (const Row& row : table) texts.push_back(scripted(row.name, row.steps));
  EndpointSettings settings = quick_settings(server_->url());
  settings.give_up_after = 100;
  settings.retry_share = 10;  // nearly everything here goes wrong
  const Asked asked = ask_all(settings, texts);
  ASSERT_EQ(asked.code, ExitCode::ok) << asked.message;
  ASSERT_EQ(asked.results.size(), texts.size());
  const Json seen = server_->seen();
  std::set<std::string> ids;
  for (const ChatResult& r : asked.results) {
    EXPECT_TRUE(ids.insert(r.id).second);
    if (r.id == "0") continue;
    const Row& row = table[std::stoul(r.id) - 1];
    EXPECT_EQ(name_of(r.outcome), name_of(row.outcome)) << row.name << ": " << r.detail;
    EXPECT_EQ(name_of(r.reason), name_of(row.reason)) << row.name << ": " << r.detail;
    EXPECT_EQ(r.attempts, row.attempts) << row.name;
    EXPECT_EQ(seen["asked"][row.name].get<int>(), row.attempts) << row.name;
    const bool literal = r.outcome == ChatOutcome::ok && std::string(row.name) != "a large answer, packed";
    EXPECT_TRUE(!literal || r.text == "four") << row.name << ": " << r.text;
  }
  EXPECT_EQ(asked.report.ok + asked.report.rejected + asked.report.failed, texts.size());
  EXPECT_EQ(seen["total"].get<std::uint64_t>(), asked.report.attempts);
}

struct Ending {
  const char* name;
  const char* steps;
  ExitCode code;
  const char* says;
};

TEST_F(MockServer, EndsTheRunWithTheRightCodeAndWord) {
  const Ending endings[] = {
      {"401", R"({"status": 401, "json": {"error": {"message": "Incorrect API key"}}})", ExitCode::denied,
       "Incorrect"},
      {"402", R"({"status": 402, "json": {"error": {"message": "Insufficient Balance"}}})", ExitCode::stopped,
       "Balance"},
      {"403", R"({"status": 403})", ExitCode::denied, "403"},
      {"404", R"({"status": 404, "json": {"detail": "Not Found"}})", ExitCode::config, "404"},
      {"404 model",
       R"({"status": 404, "json": {"error": {"message": "The model does not exist", "code": "model_not_found"}}})",
       ExitCode::config, "does not exist"},
      {"quota", R"({"status": 429, "json": {"error": {"code": "insufficient_quota", "message": "pay"}}})",
       ExitCode::stopped, "pay"},
      {"quota in a 200", R"({"json": {"error": {"code": "insufficient_quota", "message": "pay"}}})",
       ExitCode::stopped, "pay"},
      {"hours", R"({"status": 429, "headers": {"retry-after": "86400"}})", ExitCode::stopped, "86400"},
      {"redirect", R"({"status": 307, "headers": {"location": "http://127.0.0.1:1/elsewhere"}})",
       ExitCode::config, "elsewhere"},
      {"wrong service", R"({"json": {"hello": 1}})", ExitCode::config, "choices"},
      {"500", R"({"status": 500})", ExitCode::unavailable, "500"},
      {"503", R"({"status": 503})", ExitCode::unavailable, "503"},
      {"429", R"({"status": 429})", ExitCode::unavailable, "429"},
      {"resets", R"({"do": "reset"})", ExitCode::unavailable, "reset"},
  };
  for (const Ending& row : endings) {
    const Asked asked =
        ask_all(quick_settings(server_->url()), {scripted(std::string("end ") + row.name, row.steps)});
    EXPECT_EQ(asked.code, row.code) << row.name << ": " << asked.message;
    EXPECT_NE(asked.message.find(row.says), std::string::npos) << row.name << ": " << asked.message;
    EXPECT_FALSE(asked.hint.empty()) << row.name;
  }
}

TEST_F(MockServer, ARedirectTargetSeesNothing) {
  TestServer elsewhere;
  ::setenv("FILM_TEST_KEY", "sk-canary-redirect-0001", 1);
  EndpointSettings settings = quick_settings(server_->url());
  settings.api_key_variable = "FILM_TEST_KEY";
  const Asked asked = ask_all(
      settings,
      {scripted("redirected", R"({"status": 302, "headers": {"location": ")" + elsewhere.url() + R"("}})")});
  EXPECT_EQ(asked.code, ExitCode::config);
  EXPECT_EQ(elsewhere.seen()["total"], 0);
  EXPECT_TRUE(server_->seen()["keys"].contains("Bearer sk-canary-redirect-0001"));
}

}  // namespace
}  // namespace film::endpoint
