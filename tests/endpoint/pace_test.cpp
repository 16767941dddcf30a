// Waits, pacing, concurrency, budgets: arithmetic over virtual time.
#include <gtest/gtest.h>

#include <cmath>

#include "endpoint/budget.h"
#include "endpoint/concurrency_limit.h"
#include "endpoint/latency.h"
#include "endpoint/pacer.h"
#include "endpoint/retry_after.h"
#include "endpoint/retry_budget.h"

namespace film::endpoint {
namespace {

TEST(RetryAfter, ReadsTheDurationsThatServersWrite) {
  const std::pair<const char*, double> good[] = {
      {"12ms", 0.012}, {"1s", 1},     {"6m0s", 360}, {"1h2m3.5s", 3723.5}, {"8.64s", 8.64},    {" 7 ", 7},
      {"0", 0},        {"1d", 86400}, {"0s", 0},     {"1m30s", 90},        {"59.999s", 59.999}};
  for (const auto& [text, seconds] : good) {
    const auto read = duration_seconds(text);
    ASSERT_TRUE(read) << text;
    EXPECT_NEAR(*read, seconds, 1e-9) << text;
  }
  for (const char* bad : {"", "-1", "s", "1x", "1s2", "nan", "inf", "soon", "1e999", "--", "1 s"})
    EXPECT_FALSE(duration_seconds(bad)) << bad;
}

TEST(RetryAfter, PrefersMillisecondsAndReadsDatesAgainstTheServersClock) {
  EXPECT_DOUBLE_EQ(*retry_after({{"retry-after-ms", "250"}, {"retry-after", "9"}}), 0.25);
  EXPECT_DOUBLE_EQ(*retry_after({{"retry-after", "9"}}), 9);
  EXPECT_DOUBLE_EQ(*retry_after({{"retry-after", "Wed, 21 Oct 2015 07:28:30 GMT"},
                                 {"date", "Wed, 21 Oct 2015 07:28:00 GMT"}}),
                   30);
  EXPECT_DOUBLE_EQ(*retry_after({{"retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"}}), 0);  // long past
  EXPECT_DOUBLE_EQ(*retry_after({{"retry-after-ms", "-1"}, {"retry-after", "2"}}), 2);
  for (const char* bad : {"", "-5", "later", "NaN"}) EXPECT_FALSE(retry_after({{"retry-after", bad}})) << bad;
}

// Starts as soon as the pacer lets it, for `minutes`; returns the start times.
std::vector<double> starts(Pacer& pacer, double minutes, double tokens) {
  std::vector<double> times;
  for (double now = 100; now < 100 + 60 * minutes;) {
    const double wait = pacer.wait(now, tokens);
    now += wait;
    if (wait > 0) continue;
    pacer.started(now, tokens);
    times.push_back(now);
  }
  return times;
}

TEST(Pacer, KeepsRequestsPerMinuteInEveryWindow) {
  for (const double rpm : {7.0, 60.0, 600.0, 12345.0}) {
    Pacer pacer(rpm, 0);
    const auto times = starts(pacer, 10, 100);
    EXPECT_NEAR(static_cast<double>(times.size()), 10 * rpm, rpm / 60 + 2) << rpm;
    const double burst = std::max(1.0, rpm / 60);
    for (std::size_t i = 0, j = 0; i < times.size(); ++i) {
      while (times[i] - times[j] > 10) ++j;
      ASSERT_LE(static_cast<double>(i - j + 1), rpm / 6 + burst + 1) << rpm;
    }
  }
}

TEST(Pacer, KeepsTokensPerMinuteAlsoForRequestsLargerThanASecondsWorth) {
  for (const double tokens : {10.0, 900.0, 50'000.0}) {
    Pacer pacer(0, 60'000);
    const auto times = starts(pacer, 20, tokens);
    EXPECT_NEAR(static_cast<double>(times.size()) * tokens, 20 * 60'000.0, 2 * tokens + 1000) << tokens;
  }
}

TEST(Pacer, WithoutLimitsNeverWaits) {
  Pacer pacer(0, 0);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(pacer.wait(0, 1e9), 0);
    pacer.started(0, 1e9);
  }
}

ReplyHeaders limits(const char* limit, const char* remaining, const char* reset) {
  return {{"x-ratelimit-limit-requests", limit},
          {"x-ratelimit-remaining-requests", remaining},
          {"x-ratelimit-reset-requests", reset}};
}

TEST(Pacer, LearnsFromHeadersOnlyWhatTheyCanKnow) {
  Pacer pacer(0, 0);
  pacer.learn(0, 0, limits("60", "0", "60s"));  // empty, one a second comes back
  EXPECT_NEAR(pacer.wait(0, 1), 1, 1e-6);
  EXPECT_NEAR(pacer.wait(0.5, 1), 0.5, 1e-6);
  pacer.learn(2, 1, limits("60", "30", "30s"));  // plenty: no wait although the reset is far
  EXPECT_EQ(pacer.wait(2, 1), 0);
  pacer.learn(3, 0.5, limits("60", "0", "60s"));  // an older request's reply came late
  EXPECT_EQ(pacer.wait(3, 1), 0);
}

TEST(Pacer, HeadersWithoutSenseSlowNothingDown) {
  for (const auto& headers :
       {limits("-1", "-1", "0s"), limits("0", "0", "1s"), limits("60", "-1", "60s"), limits("60", "0", "0s"),
        limits("60", "0", "soon"), limits("", "", ""), ReplyHeaders{}}) {
    Pacer pacer(0, 0);
    pacer.learn(0, 0, headers);
    EXPECT_EQ(pacer.wait(0, 1), 0);
  }
  Pacer pacer(0, 0);
  pacer.learn(0, 0, limits("10", "0", "1000h"));  // a header may slow film down, not stop it
  EXPECT_LE(pacer.wait(0, 1), 60);
}

TEST(ConcurrencyLimit, DoublesThenHalvesOncePerRound) {
  ConcurrencyLimit concurrency(64, 1, 60, 1);
  EXPECT_EQ(concurrency.limit(), 4);
  for (int i = 0; i < 60; ++i) concurrency.answered(1);
  EXPECT_EQ(concurrency.limit(), 64);
  for (int i = 0; i < 64; ++i) concurrency.failed(10, 9, FailureKind::throttled, -1);  // all cut off together
  EXPECT_EQ(concurrency.limit(), 32);
  EXPECT_EQ(concurrency.rounds(), 1);
  concurrency.failed(12, 11, FailureKind::throttled, -1);
  EXPECT_EQ(concurrency.limit(), 16);
  EXPECT_EQ(concurrency.rounds(), 2);
  concurrency.answered(13);
  EXPECT_EQ(concurrency.rounds(), 0);
  for (int i = 0; i < 100; ++i) concurrency.failed(20 + i, 20 + i - 0.5, FailureKind::throttled, -1);
  EXPECT_EQ(concurrency.limit(), 1);
}

TEST(ConcurrencyLimit, RetryAfterHoldsEverybodyAndAFaultOfOneRequestNobody) {
  ConcurrencyLimit concurrency(8, 1, 60, 1);
  concurrency.failed(10, 9, FailureKind::request, -1);
  EXPECT_LE(concurrency.hold_until(), 10);
  concurrency.failed(20, 19, FailureKind::throttled, 30);
  EXPECT_GE(concurrency.hold_until(), 50);
  EXPECT_LE(concurrency.hold_until(), 53.1);
  concurrency.failed(21, 18, FailureKind::throttled, 60);  // of an older round, yet its wish counts
  EXPECT_GE(concurrency.hold_until(), 81);
}

TEST(ConcurrencyLimit, JitterIsFull) {
  ConcurrencyLimit concurrency(8, 1, 60, 7);
  double low = 1e9, high = 0;
  for (int i = 0; i < 2000; ++i) {
    const double pause = concurrency.retry_pause(4);
    low = std::min(low, pause);
    high = std::max(high, pause);
  }
  EXPECT_LT(low, 0.1);
  EXPECT_GT(high, 7.9);
  EXPECT_LE(high, 8.0);
  for (int i = 0; i < 100; ++i) EXPECT_LE(concurrency.retry_pause(90), 60);
}

TEST(Budget, CountsTheWorstCaseOfWhatIsInFlight) {
  EndpointSettings settings;
  settings.price_in = 10;
  settings.price_out = 30;
  settings.max_cost = 1;
  Budget budget(settings, 0.5);
  const double worst = budget.worst_case(1000, 1000);
  EXPECT_DOUBLE_EQ(worst, 0.04);
  int started = 0;
  for (; budget.may_reserve(worst); ++started) budget.reserve(worst);
  EXPECT_EQ(started, 12);
  budget.settle(worst, 0.001);
  EXPECT_TRUE(budget.may_reserve(worst));
}

TEST(RetryBudget, IsAShareOfTheRequests) {
  RetryBudget budget(0.2);
  int repeats = 0;
  for (int i = 0; i < 1000; ++i) {
    budget.request();
    while (budget.take()) ++repeats;
  }
  EXPECT_EQ(repeats, 210);
}

TEST(Latencies, PercentilesWithinFivePercent) {
  Latencies latencies;
  EXPECT_EQ(latencies.percentile(0.5), 0);
  for (int i = 1; i <= 1000; ++i) latencies.add(i / 100.0);
  EXPECT_NEAR(latencies.percentile(0.5), 5, 0.25);
  EXPECT_NEAR(latencies.percentile(0.95), 9.5, 0.5);
  latencies.add(1e9);
  latencies.add(-1);
}

}  // namespace
}  // namespace film::endpoint
