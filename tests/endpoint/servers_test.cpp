// Several servers of one service: in virtual time, and two test servers.
#include <algorithm>
#include <filesystem>

#include "../support/test_server.h"
#include "dispatcher_bench.h"

namespace film::endpoint {
namespace {

using Script = SimulatedTransport::Script;
using RequestRule = SimulatedTransport::RequestRule;

const std::string kPath = "/v1/chat/completions", kA = "https://a" + kPath, kB = "https://b" + kPath,
                  kC = "https://c" + kPath;

EndpointSettings servers_of(std::initializer_list<const char*> addresses) {
  EndpointSettings settings = bench_settings();
  for (const char* address : addresses) {
    settings.servers.emplace_back();
    settings.servers.back().base_url = address;
  }
  return settings;
}

EndpointSettings two_servers() { return servers_of({"https://a/v1", "https://b/v1"}); }

// One server answers after a second; the other one does as `reply` says, at once.
RequestRule broken(const std::string& url, HttpReply reply, double from = 0, double to = 1e9) {
  return [=](const HttpRequest& request, int, double now) -> Script {
    if (request.url == url && now >= from && now < to) return {0.01, reply};
    return {1, answer_reply("x")};
  };
}

// What is written to stderr meanwhile.
template <class Action>
std::string said(Action action) {
  testing::internal::CaptureStderr();
  action();
  return testing::internal::GetCapturedStderr();
}

TEST(Servers, ShareTheWorkEvenly) {
  Bench bench(RequestRule(broken("nobody", {})), two_servers());
  EXPECT_EQ(bench.ask(10'000), ExitCode::ok);
  bench.expect_each_once(10'000);
  EXPECT_NEAR(bench.network.sent_to[kA], 5000, 100);
  EXPECT_NEAR(bench.network.sent_to[kB], 5000, 100);
  EXPECT_EQ(bench.network.most_open, 128u);
  EXPECT_LT(bench.dispatcher.report().seconds, 10'000 / 128 + 15);
  const EndpointReport& report = bench.dispatcher.report();
  ASSERT_EQ(report.servers.size(), 2u);
  EXPECT_EQ(report.servers[0].answers + report.servers[1].answers, 10'000u);
  EXPECT_EQ(report.servers[0].left_out, "");
}

TEST(Servers, AFasterOneGetsMore) {
  Bench bench(RequestRule([](const HttpRequest& request, int, double) -> Script {
                return {request.url == kA ? 0.5 : 2, answer_reply("x")};
              }),
              two_servers());
  EXPECT_EQ(bench.ask(10'000), ExitCode::ok);
  EXPECT_NEAR(bench.network.sent_to[kA], 8000, 400);
}

TEST(Servers, EachKeepsItsOwnPace) {
  EndpointSettings settings = two_servers();
  settings.requests_per_minute = 60;
  settings.servers[1].requests_per_minute = 180;
  Bench bench(RequestRule(broken("nobody", {})), settings);
  EXPECT_EQ(bench.ask(1200), ExitCode::ok);
  EXPECT_NEAR(bench.network.sent_to[kA], 300, 5);
  EXPECT_NEAR(bench.dispatcher.report().seconds, 300, 5);
}

TEST(Servers, ADeadOneIsLeftOutAndSaid) {
  Bench bench(RequestRule(broken(kA, refused_connection())), two_servers());
  const std::string words = said([&] { EXPECT_EQ(bench.ask(5000), ExitCode::ok); });
  bench.expect_each_once(5000);
  EXPECT_EQ(bench.dispatcher.report().ok, 5000u);
  EXPECT_NE(words.find("https://a/v1 is left out, 1 of 2 servers go on: no successful reply"),
            std::string::npos)
      << words;
  EXPECT_LT(bench.network.sent_to[kA], 30);
  EXPECT_LT(bench.dispatcher.report().seconds, 5000 / 64 + 15);
  EXPECT_NE(bench.dispatcher.report().servers[0].left_out.find("connection refused"), std::string::npos);
}

TEST(Servers, OneThatRefusesForGoodIsLeftOutAtOnce) {
  const std::pair<HttpReply, const char*> rows[] = {
      {status_reply(401, {}, R"({"error":{"message":"wrong key"}})"), "wrong key"},
      {status_reply(402), "402"},
      {status_reply(404, {}, R"({"error":{"code":"model_not_found","message":"no model"}})"), "no model"},
      {status_reply(307, {{"location", "https://c"}}), "redirects"},
      {status_reply(200, {}, R"({"hello":1})"), "no choices"},
      {status_reply(429, {}, R"({"error":{"code":"insufficient_quota","message":"quota"}})"), "quota"},
      {status_reply(429, {{"retry-after", "86400"}}), "86400 s"},
  };
  for (const auto& [reply, word] : rows) {
    Bench bench(RequestRule(broken(kB, reply)), two_servers());
    const std::string words = said([&] { EXPECT_EQ(bench.ask(1000), ExitCode::ok) << word; });
    bench.expect_each_once(1000);
    EXPECT_EQ(bench.dispatcher.report().ok, 1000u) << word;
    EXPECT_NE(words.find("https://b/v1 is left out"), std::string::npos) << word;
    EXPECT_NE(words.find(word), std::string::npos) << words;
    EXPECT_LE(bench.network.sent_to[kB], 4) << word << ": those that were open, none after";
  }
}

TEST(Servers, OneThatDiesAndComesBackIsAskedAgainLater) {
  EndpointSettings settings = two_servers();
  settings.longest_pause = 100;
  Bench bench(RequestRule(broken(kA, refused_connection(), 1010, 1400)), settings);
  EXPECT_EQ(bench.ask(100'000), ExitCode::ok);
  bench.expect_each_once(100'000);
  EXPECT_EQ(bench.dispatcher.report().failed, 0u);
  EXPECT_GT(bench.network.sent_to[kA], 20'000) << "most of the time after the outage";
  EXPECT_LT(bench.dispatcher.report().attempts, 100'200u) << "probes, no storm";
  EXPECT_EQ(bench.dispatcher.report().servers[0].left_out, "");
}

TEST(Servers, TheRunEndsWithTheLastOne) {
  Bench bench(RequestRule([](const HttpRequest& request, int, double now) -> Script {
                if (request.url == kA) return {0.1, status_reply(401)};
                if (request.url == kB && now > 1010) return {0.1, refused_connection()};
                if (request.url == kC && now > 1020) return {0.1, status_reply(402)};
                return {1, answer_reply("x")};
              }),
              servers_of({"https://a/v1", "https://b/v1", "https://c/v1"}));
  EXPECT_NE(bench.ask(1'000'000), ExitCode::ok);
  const EndpointReport& report = bench.dispatcher.report();
  for (const ServerReport& server : report.servers) EXPECT_NE(server.left_out, "") << server.address;
  EXPECT_NE(bench.message.find("no server is left; the last one, https://"), std::string::npos)
      << bench.message;
  EXPECT_GT(report.ok, 1000u);
  EXPECT_LE(report.failed, 128u) << "those that were open at the end";
  // Another run gives all of them another chance.
  EXPECT_NE(bench.ask(1), ExitCode::ok);
  EXPECT_GT(bench.dispatcher.report().attempts, 0u);
}

TEST(Servers, OneCostCapHoldsForAll) {
  EndpointSettings settings = two_servers();
  set_prices(settings);
  Bench bench(RequestRule([](const HttpRequest&, int, double) -> Script {
                return {1, answer_reply("x", 60, 100)};
              }),
              settings);
  EXPECT_EQ(bench.ask(100'000), ExitCode::stopped);
  EXPECT_LE(bench.dispatcher.report().cost, 0.5);
  EXPECT_GT(bench.dispatcher.report().cost, 0.48);
}

TEST(Servers, ARetryGoesToAnother) {
  Bench bench(RequestRule([](const HttpRequest& request, int, double) -> Script {
                const bool poisoned = request.body.find("question 7\"") != std::string::npos;
                if (poisoned && request.url == kA) return {1, status_reply(500)};
                return {1, answer_reply("x")};
              }),
              two_servers());
  EXPECT_EQ(bench.ask(1000), ExitCode::ok);
  EXPECT_EQ(bench.dispatcher.report().ok, 1000u);
  EXPECT_LE(bench.dispatcher.report().attempts, 1001u);
}

class TwoTestServers : public testing::Test {
 protected:
  void TearDown() override { fs::remove(journal_); }
  static EndpointSettings both(const std::string& first, const std::string& second) {
    EndpointSettings settings = quick_settings("http://127.0.0.1:1/v1");  // not asked
    settings.servers.resize(2);
    settings.servers[0].base_url = first;
    settings.servers[1].base_url = second;
    return settings;
  }
  static std::vector<std::string> texts(int count) {
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) all.push_back("question " + std::to_string(i));
    return all;
  }
  fs::path journal_ =
      fs::path(testing::TempDir()) / ("film_two_servers_" + std::to_string(::getpid()) + ".jsonl");
};

TEST_F(TwoTestServers, ShareTheWorkAndNothingIsAskedOfBoth) {
  TestServer a({"--latency", "0.005"}), b({"--latency", "0.005"});
  EndpointSettings settings = both(a.url(), b.url());
  ::setenv("FILM_TEST_KEY", "sk-canary-first-server", 1);
  ::setenv("FILM_TEST_KEY_2", "sk-canary-second-server", 1);
  settings.api_key_variable = "FILM_TEST_KEY";
  settings.servers[1].api_key_variable = "FILM_TEST_KEY_2";
  const Asked asked = ask_all(settings, texts(1000), journal_);
  EXPECT_EQ(asked.code, ExitCode::ok) << asked.message;
  EXPECT_EQ(asked.report.ok, 1000u);
  const Json seen_a = a.seen(), seen_b = b.seen();
  EXPECT_EQ(seen_a["total"].get<int>() + seen_b["total"].get<int>(), 1000);
  EXPECT_GT(seen_a["total"].get<int>(), 200);
  EXPECT_GT(seen_b["total"].get<int>(), 200);
  EXPECT_EQ(seen_a["keys"].size(), 1u);
  EXPECT_TRUE(seen_a["keys"].contains("Bearer sk-canary-first-server"));
  EXPECT_EQ(seen_b["keys"].size(), 1u);
  EXPECT_TRUE(seen_b["keys"].contains("Bearer sk-canary-second-server"));
  // One of them alone afterwards: all answers are in the journal already.
  const Asked again = ask_all(quick_settings(b.url()), texts(1000), journal_);
  EXPECT_EQ(again.report.from_journal, 1000u);
  EXPECT_EQ(again.report.attempts, 0u);
}

TEST_F(TwoTestServers, OneThatIsKilledOnTheWayLosesNothing) {
  auto a = std::make_unique<TestServer>(std::vector<std::string>{"--latency", "0.01"});
  TestServer b({"--latency", "0.01"});
  EndpointSettings settings = both(a->url(), b.url());
  EndpointClient client(settings, journal_);
  const std::vector<std::string> all = texts(1500);
  std::size_t next = 0, ok = 0;
  testing::internal::CaptureStderr();
  const EndpointReport report = client.run(
      [&]() -> std::optional<ChatRequest> {
        if (next == all.size()) return {};
        const std::size_t i = next++;
        return ChatRequest{std::to_string(i), {{Role::user, all[i]}}, 0, "prompt", {}};
      },
      [&](ChatResult r) {
        EXPECT_EQ(r.text, "answer to question " + r.id) << r.detail;
        if (++ok == 500) a.reset();
      },
      {});
  const std::string words = testing::internal::GetCapturedStderr();
  EXPECT_EQ(report.ok, 1500u);
  EXPECT_NE(report.servers[0].left_out, "");
  EXPECT_NE(words.find("is left out, 1 of 2 servers go on"), std::string::npos) << words;
}

}  // namespace
}  // namespace film::endpoint
