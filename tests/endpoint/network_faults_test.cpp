// Servers that are slow, endless, away, or drop connections; addresses and connections.
#include <arpa/inet.h>
#include <sys/socket.h>

#include <set>

#include "../support/test_server.h"

namespace film::endpoint {
namespace {

TEST(NetworkFaults, SlowAndSilentServersAreLeftInTime) {
  TestServer server;
  EndpointSettings settings = quick_settings(server.url());
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

TEST(NetworkFaults, AnEndlessOrUnfoldingReplyIsDropped) {
  TestServer server;
  EndpointSettings settings = quick_settings(server.url());
  settings.max_attempts = 2;
  settings.max_response_bytes = 1 << 20;
  const Asked asked =
      ask_all(settings, {"works", scripted("gigabyte", R"({"do": "big", "bytes": 1073741824})"),
                         scripted("bomb", R"({"do": "bomb", "bytes": 50000000})")});
  EXPECT_EQ(asked.report.reasons.at(Reason::too_big), 2u);
  EXPECT_EQ(asked.report.attempts, 5u);
}

TEST(NetworkFaults, UnreachableRefusingAndUnknownHosts) {
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

TEST(NetworkFaults, SlowConnectsEnd) {
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

TEST(NetworkFaults, AzureWritesAddressAndKeyItsOwnWay) {
  TestServer server;
  ::setenv("FILM_TEST_KEY", "azure-canary-0002", 1);
  EndpointSettings settings = quick_settings("http://127.0.0.1:" + server.port());
  settings.api_style = ApiStyle::azure;
  settings.api_key_variable = "FILM_TEST_KEY";
  settings.model = "my-deployment";
  const Asked asked = ask_all(settings, {"azure"});
  EXPECT_EQ(asked.code, ExitCode::ok) << asked.message;
  const Json seen = server.seen();
  EXPECT_TRUE(
      seen["paths"].contains("/openai/deployments/my-deployment/chat/completions?api-version=2024-06-01"));
  EXPECT_TRUE(seen["keys"].contains("azure-canary-0002"));
}

TEST(NetworkFaults, KeepsConnectionsAndNeverOpensMoreThanAllowed) {
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

TEST(NetworkFaults, ADeadKeptConnectionIsNotQuietlyAskedAgain) {
  TestServer server;
  // The server reads the second request on a kept connection and closes: libcurl alone would send it twice.
  EndpointSettings settings = quick_settings(server.url());
  settings.max_in_flight = 1;
  settings.max_attempts = 1;
  const Asked asked = ask_all(settings, {"keeps the connection", scripted("dead", R"({"do": "close"})")});
  EXPECT_EQ(server.seen()["asked"]["dead"], 1);
  EXPECT_EQ(asked.report.unknown, 1u);
  EXPECT_EQ(asked.report.reasons.at(Reason::reset), 1u);
}

TEST(NetworkFaults, ChaosLosesAndDoublesNothing) {
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
