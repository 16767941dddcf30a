// The whole client against tests/endpoint/mock_server.py: every way to misbehave is a row.
#include <arpa/inet.h>
#include <sys/socket.h>

#include <fstream>
#include <set>

#include "../support/test_server.h"

namespace film::endpoint {
namespace {

// A message that carries its own script.
std::string scripted(const std::string& id, const std::string& steps) {
  return R"({"id": ")" + id + R"(", "script": [)" + steps + "]}";
}

struct Row {
  const char* name;
  const char* steps;
  ChatOutcome outcome;
  Reason reason;
  int attempts;  // that the server sees
};

const std::string kOk = R"({"text": "four"})";

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

TEST_F(MockServer, SlowAndSilentServersAreLeftInTime) {
  EndpointSettings settings = quick_settings(server_->url());
  settings.answer_timeout = 0.4;
  settings.stall_timeout = 0.4;
  settings.total_timeout = 1.5;
  settings.max_attempts = 1;
  const Asked asked = ask_all(settings, {"works", scripted("hang", R"({"do": "hang"})"),
                                         scripted("stall", R"({"do": "drip", "every": 100})"),
                                         scripted("drip", R"({"do": "drip", "every": 0.1})"),
                                         scripted("late", R"({"delay": 30, "text": "x"})")});
  ASSERT_EQ(asked.code, ExitCode::ok) << asked.message;
  EXPECT_EQ(asked.report.ok, 1u);
  EXPECT_EQ(asked.report.reasons.at(Reason::timeout), 4u);
  EXPECT_EQ(asked.report.unknown, 4u);
  for (const ChatResult& r : asked.results) EXPECT_LT(r.seconds, 10);
}

TEST_F(MockServer, AnEndlessOrUnfoldingReplyIsDropped) {
  EndpointSettings settings = quick_settings(server_->url());
  settings.max_attempts = 2;
  settings.max_response_bytes = 1 << 20;
  const Asked asked =
      ask_all(settings, {"works", scripted("gigabyte", R"({"do": "big", "bytes": 1073741824})"),
                         scripted("bomb", R"({"do": "bomb", "bytes": 50000000})")});
  EXPECT_EQ(asked.report.reasons.at(Reason::too_big), 2u);
  EXPECT_EQ(asked.report.attempts, 5u);
}

TEST_F(MockServer, UnreachableRefusingAndUnknownHosts) {
  EndpointSettings settings = quick_settings("http://127.0.0.1:1/v1");
  Asked asked = ask_all(settings, {"x"});
  EXPECT_EQ(asked.code, ExitCode::unavailable);
  EXPECT_NE(asked.message.find("unreachable"), std::string::npos) << asked.message;
  EXPECT_EQ(asked.report.unknown, 0u);
  settings = quick_settings("https://no-such-host.invalid/v1");
  settings.api_key_variable = "";
  settings.connect_timeout = 2;
  asked = ask_all(settings, {"x"});
  EXPECT_EQ(asked.code, ExitCode::unavailable);
}

TEST_F(MockServer, SlowConnectsEnd) {
  // A listener whose queue is full: further connects hang.
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::listen(listener, 0);
  socklen_t size = sizeof address;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::vector<int> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    ::connect(fillers.back(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  EndpointSettings settings =
      quick_settings("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/v1");
  settings.connect_timeout = 0.2;
  const Asked asked = ask_all(settings, {"x"});
  EXPECT_EQ(asked.code, ExitCode::unavailable);
  EXPECT_EQ(asked.report.unknown, 0u) << "nothing was sent";
  for (const int fd : fillers) ::close(fd);
  ::close(listener);
}

TEST_F(MockServer, AzureWritesAddressAndKeyItsOwnWay) {
  ::setenv("FILM_TEST_KEY", "azure-canary-0002", 1);
  EndpointSettings settings = quick_settings("http://127.0.0.1:" + server_->port());
  settings.api_style = ApiStyle::azure;
  settings.api_key_variable = "FILM_TEST_KEY";
  settings.model = "my-deployment";
  const Asked asked = ask_all(settings, {"azure"});
  EXPECT_EQ(asked.code, ExitCode::ok) << asked.message;
  const Json seen = server_->seen();
  EXPECT_TRUE(
      seen["paths"].contains("/openai/deployments/my-deployment/chat/completions?api-version=2024-06-01"));
  EXPECT_TRUE(seen["keys"].contains("azure-canary-0002"));
}

TEST_F(MockServer, KeepsConnectionsAndNeverOpensMoreThanAllowed) {
  TestServer fresh({"--latency", "0.01"});
  EndpointSettings settings = quick_settings(fresh.url());
  settings.max_in_flight = 16;
  std::vector<std::string> texts;
  for (int i = 0; i < 500; ++i) texts.push_back("q" + std::to_string(i));
  const Asked asked = ask_all(settings, texts);
  EXPECT_EQ(asked.report.ok, 500u);
  const Json seen = fresh.seen();
  EXPECT_LE(seen["most_open"].get<int>(), 16);
  EXPECT_LE(seen["connections"].get<int>(), 18);
}

TEST_F(MockServer, ADeadKeptConnectionIsNotQuietlyAskedAgain) {
  // The server reads the second request on a kept connection and closes: libcurl alone would send it twice.
  EndpointSettings settings = quick_settings(server_->url());
  settings.max_in_flight = 1;
  settings.max_attempts = 1;
  const Asked asked = ask_all(settings, {"keeps the connection", scripted("dead", R"({"do": "close"})")});
  EXPECT_EQ(server_->seen()["asked"]["dead"], 1);
  EXPECT_EQ(asked.report.unknown, 1u);
  EXPECT_EQ(asked.report.reasons.at(Reason::reset), 1u);
}

TEST_F(MockServer, ChaosLosesAndDoublesNothing) {
  TestServer chaos({"--chaos", "0.1"});
  EndpointSettings settings = quick_settings(chaos.url());
  settings.max_attempts = 20;
  settings.give_up_after = 100;
  settings.retry_share = 1;
  std::vector<std::string> texts;
  for (int i = 0; i < 1000; ++i) texts.push_back("question " + std::to_string(i));
  const Asked asked = ask_all(settings, texts);
  ASSERT_EQ(asked.code, ExitCode::ok) << asked.message;
  EXPECT_EQ(asked.report.ok, 1000u);
  std::set<std::string> ids;
  for (const ChatResult& r : asked.results) {
    EXPECT_TRUE(ids.insert(r.id).second);
    EXPECT_EQ(r.text, "answer to question " + r.id);
  }
  EXPECT_LT(asked.report.attempts, 1300u);
}

}  // namespace
}  // namespace film::endpoint
