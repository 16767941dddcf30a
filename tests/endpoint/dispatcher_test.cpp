// The loop under virtual time: pacing, storms, budgets, ends. Deterministic and quick.
#include "dispatcher_bench.h"

namespace film::endpoint {
namespace {

TEST(Dispatcher, AnswersEveryRequestOnceAndFillsItsPlaces) {
  Bench bench(always(answer_reply("x")));
  EXPECT_EQ(bench.ask(5000), ExitCode::ok);
  bench.expect_each_once(5000);
  EXPECT_EQ(bench.network.most_open, 64u);
  EXPECT_EQ(bench.dispatcher.report().attempts, 5000u);
  EXPECT_LT(bench.dispatcher.report().seconds, 5000 / 64 + 10);  // 64 at once, a second each
  EXPECT_EQ(bench.dispatcher.report().prompt_tokens, 500'000);
}

TEST(Dispatcher, KeepsThePaceOfTheSettings) {
  EndpointSettings s = bench_settings();
  s.requests_per_minute = 120;
  Bench bench(always(answer_reply("x"), 3), s);
  EXPECT_EQ(bench.ask(1200), ExitCode::ok);
  const double seconds = bench.network.starts.back() - bench.network.starts.front();
  EXPECT_NEAR(seconds, 600, 3);
}

TEST(Dispatcher, KeepsPaceAndCapAcrossRuns) {
  EndpointSettings s = bench_settings();
  s.requests_per_minute = 60;
  set_prices(s);
  Bench bench(always(answer_reply("x", 60, 100), 0.1), s);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(bench.ask(2), ExitCode::ok);
  EXPECT_EQ(bench.network.starts.size(), 100u);
  EXPECT_NEAR(bench.network.starts.back() - bench.network.starts.front(), 99, 1);
  EXPECT_EQ(bench.dispatcher.report().ok, 2u);
  for (int i = 0; i < 50; ++i) bench.ask(2);
  EXPECT_EQ(bench.ask(2), ExitCode::stopped);
  EXPECT_LE(static_cast<double>(bench.network.starts.size()) * s.cost(60, 100), 0.5);
}

TEST(Dispatcher, FindsTheRateOfAServerThatOnlySaysNo) {
  // 60 requests a minute, told by nothing but 429.
  auto level = std::make_shared<double>(1), at = std::make_shared<double>(1000);
  Bench bench([=](const std::string&, int, double now) -> SimulatedTransport::Script {
    *level = std::min(1.0, *level + (now - *at));
    *at = now;
    if (*level < 1) return {0.05, status_reply(429)};
    *level -= 1;
    return {0.5, answer_reply("x")};
  });
  EXPECT_EQ(bench.ask(300), ExitCode::ok);
  bench.expect_each_once(300);
  EXPECT_EQ(bench.dispatcher.report().ok, 300u);
  EXPECT_LT(bench.dispatcher.report().attempts, 300u * 13 / 10);
  EXPECT_LT(bench.dispatcher.report().seconds, 300 * 2.0);
}

TEST(Dispatcher, RetryAfterIsAPauseForAll) {
  Bench bench([](const std::string&, int attempt, double now) -> SimulatedTransport::Script {
    if (now < 1000.5) return {0.1, status_reply(429, {{"retry-after", "20"}})};
    EXPECT_TRUE(attempt > 0 || now > 1020);
    return {0.1, answer_reply("x")};
  });
  EXPECT_EQ(bench.ask(100), ExitCode::ok);
  bench.expect_each_once(100);
  for (const double start : bench.network.starts) EXPECT_TRUE(start < 1000.2 || start >= 1020) << start;
}

TEST(Dispatcher, SurvivesAnOutageOfMinutesWithoutLosingOrDoubling) {
  Bench bench([](const std::string&, int, double now) -> SimulatedTransport::Script {
    if (now > 1010 && now < 1130) return {0.001, refused_connection()};
    return {1, answer_reply("x")};
  });
  EXPECT_EQ(bench.ask(2000), ExitCode::ok);
  bench.expect_each_once(2000);
  EXPECT_EQ(bench.dispatcher.report().ok, 2000u);
  EXPECT_LT(bench.dispatcher.report().attempts, 2100u);  // probes, no storm
}

TEST(Dispatcher, GivesUpWhenNothingWorksAnyMore) {
  for (const int status : {429, 500, 503, 504}) {
    Bench bench([=](const std::string&, int, double now) -> SimulatedTransport::Script {
      return {0.1, now < 1003 ? answer_reply("x") : status_reply(status)};
    });
    EXPECT_EQ(bench.ask(1'000'000), ExitCode::unavailable) << status;
    EXPECT_LT(bench.network.starts.back(), 1003 + 1200) << status;
  }
  Bench bench(always(status_reply(503)));
  EXPECT_EQ(bench.ask(1000), ExitCode::unavailable);
  EXPECT_LT(bench.network.starts.back(), 1000 + 20);  // nothing ever worked: quick
  EXPECT_NE(bench.message.find("503"), std::string::npos);
}

TEST(Dispatcher, StopsWhenEverythingIsRefused) {
  Bench bench(always(status_reply(400, {}, R"({"error":{"message":"max_tokens is not supported"}})")));
  EXPECT_EQ(bench.ask(1'000'000), ExitCode::config);
  EXPECT_EQ(bench.dispatcher.report().attempts, 3u);  // one at a time, until one is answered
  EXPECT_NE(bench.message.find("max_tokens is not supported"), std::string::npos);
  Bench few(always(status_reply(422, {}, R"({"detail":"unknown field top_k"})")));
  EXPECT_EQ(few.ask(2), ExitCode::config);
  EXPECT_NE(few.message.find("unknown field top_k"), std::string::npos);
}

TEST(Dispatcher, TheFirstRequestGoesAlone) {
  Bench bench(always(answer_reply("x"), 5));
  EXPECT_EQ(bench.ask(20), ExitCode::ok);
  ASSERT_GT(bench.network.starts.size(), 2u);
  EXPECT_GE(bench.network.starts[1], bench.network.starts[0] + 5);
  EXPECT_LT(bench.network.starts[2], bench.network.starts[1] + 5);
}

TEST(Dispatcher, RefusalsAfterAnAnswerConcernTheirOwnRequest) {
  Bench bench([](const std::string&, int, double now) -> SimulatedTransport::Script {
    return {1, now < 1002 ? answer_reply("x") : status_reply(400, {}, R"({"error":{"message":"odd"}})")};
  });
  EXPECT_EQ(bench.ask(12), ExitCode::ok);
  EXPECT_GT(bench.dispatcher.report().rejected, 5u);
}

TEST(Dispatcher, OnePoisonedRequestHurtsNobody) {
  for (const int status : {500, 503, 429}) {
    Bench bench([=](const std::string& body, int, double) -> SimulatedTransport::Script {
      if (body.find("question 7\"") != std::string::npos) return {0.1, status_reply(status)};
      return {1, answer_reply("x")};
    });
    EXPECT_EQ(bench.ask(20'000), ExitCode::ok) << status;
    bench.expect_each_once(20'000);
    EXPECT_EQ(bench.dispatcher.report().ok, 19'999u) << status;
    EXPECT_EQ(bench.dispatcher.report().failed, 1u) << status;
    EXPECT_LT(bench.dispatcher.report().seconds, 600) << status;
  }
}

TEST(Dispatcher, RepeatsAreBoundedByTheBudget) {
  Bench bench([](const std::string&, int, double) -> SimulatedTransport::Script {
    static int n = 0;
    return {1, ++n % 2 == 0 ? status_reply(500) : answer_reply("x")};
  });
  EXPECT_EQ(bench.ask(5000), ExitCode::ok);
  bench.expect_each_once(5000);
  EXPECT_LE(bench.dispatcher.report().attempts, 5000u * 12 / 10 + 10);
}

TEST(Dispatcher, CountsAttemptsOfUnknownOutcome) {
  HttpReply lost;
  lost.error = TransportError::reset;
  lost.sent = true;
  Bench bench([=](const std::string&, int attempt, double) -> SimulatedTransport::Script {
    return {1, attempt == 0 ? lost : answer_reply("x")};
  });
  EXPECT_EQ(bench.ask(5), ExitCode::ok);
  EXPECT_EQ(bench.dispatcher.report().unknown, 5u);
  for (const ChatResult& r : bench.results) EXPECT_EQ(r.unknown, 1);
}

TEST(Dispatcher, NeverSpendsMoreThanTheCap) {
  EndpointSettings s = bench_settings();
  set_prices(s);
  Bench bench(always(answer_reply("x", 60, 100)), s);
  EXPECT_EQ(bench.ask(100'000), ExitCode::stopped);
  EXPECT_LE(bench.dispatcher.report().cost, 0.5);
  EXPECT_GT(bench.dispatcher.report().cost, 0.48);  // less than one request's worst case is left
  EXPECT_EQ(bench.dispatcher.report().ok, bench.dispatcher.report().attempts);
}

TEST(Dispatcher, WithoutReportedUsageTheCapCountsTheWorstCase) {
  EndpointSettings s = bench_settings();
  set_prices(s);
  Bench bench(always(status_reply(200, {}, R"({"choices":[{"message":{"content":"x"}}]})")), s);
  EXPECT_EQ(bench.ask(100'000), ExitCode::stopped);
  EXPECT_LE(bench.dispatcher.report().cost, 0.5);
}

TEST(Dispatcher, QuotaAndDenialEndTheRunButNotBeforeWhatIsInFlightCame) {
  const auto ending = [](int status, const char* body) {
    return [=](const std::string&, int, double now) -> SimulatedTransport::Script {
      if (now > 1002) return {0.01, status_reply(status, {}, body)};
      return {5, answer_reply("x")};
    };
  };
  Bench quota(ending(429, R"({"error":{"code":"insufficient_quota","message":"pay"}})"));
  EXPECT_EQ(quota.ask(1000), ExitCode::stopped);
  EXPECT_LE(quota.dispatcher.report().reasons.at(Reason::quota), 8u);  // those that were open, none after
  Bench denied(ending(401, "{}"));
  EXPECT_EQ(denied.ask(1000), ExitCode::denied);
  EXPECT_EQ(denied.dispatcher.report().unknown, 0u);
}

TEST(Dispatcher, AStopSignalLetsAnswersInFlightComeHome) {
  Bench bench(always(answer_reply("x"), 5));
  int looks = 0;
  bench.stop = [&] { return ++looks > 40; };
  EXPECT_EQ(bench.ask(100'000), ExitCode::stopped);
  EXPECT_EQ(bench.results.size(), bench.network.starts.size());
  EXPECT_GT(bench.results.size(), 3u);
  EXPECT_EQ(bench.dispatcher.report().unknown, 0u);
}

TEST(Dispatcher, WaitsOnlySoLongForThem) {
  EndpointSettings s = bench_settings();
  s.stop_wait = 2;
  Bench bench(always(answer_reply("x"), 500), s);
  int looks = 0;
  bench.stop = [&] { return ++looks > 4; };
  EXPECT_EQ(bench.ask(100), ExitCode::stopped);
  EXPECT_EQ(bench.dispatcher.report().unknown, 1u);  // the first request goes alone
  EXPECT_LT(bench.network.now(), 1010);
}

TEST(Dispatcher, AServerThatAsksForHoursEndsTheRun) {
  Bench bench(always(status_reply(429, {{"retry-after", "7200"}})));
  EXPECT_EQ(bench.ask(10), ExitCode::stopped);
  EXPECT_NE(bench.message.find("7200"), std::string::npos);
}

TEST(Dispatcher, ASourceMayGiveSubstitutesForWhatWasRejected) {
  Bench bench([](const std::string& body, int, double) -> SimulatedTransport::Script {
    const bool filtered = std::hash<std::string>{}(body) % 3 == 0;
    return {1,
            filtered ? status_reply(400, {}, R"({"error":{"code":"content_filter"}})") : answer_reply("x")};
  });
  const std::size_t wanted = 500;
  int next = 0;
  std::size_t open = 0;
  const ChatSource source = [&]() -> std::optional<ChatRequest> {
    const auto ok =
        static_cast<std::size_t>(std::ranges::count(bench.results, ChatOutcome::ok, &ChatResult::outcome));
    open = static_cast<std::size_t>(next) - bench.results.size();
    if (ok + open >= wanted) return {};
    return ChatRequest{std::to_string(next++), {{Role::user, "q" + std::to_string(next)}}, 0, "p", {}};
  };
  EXPECT_EQ(bench.ask(source), ExitCode::ok);
  EXPECT_EQ(bench.dispatcher.report().ok, wanted);
  EXPECT_EQ(bench.results.back().outcome, ChatOutcome::ok);
}

}  // namespace
}  // namespace film::endpoint
