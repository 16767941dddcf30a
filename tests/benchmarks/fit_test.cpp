#include "benchmarks/fit.h"

#include <gmock/gmock.h>

#include <cmath>

namespace film::benchmarks {
namespace {

struct Case {
  const char* name;
  std::size_t least, most, guess;
  std::uint64_t limit;
  std::function<std::uint64_t(std::size_t)> cost;
};

TEST(LargestFit, IsTheLastThatFitsWhateverTheGuess) {
  const std::vector<Case> cases = {
      {"flat for long", 1, 1U << 24, 187, 3000, [](std::size_t n) { return n / 100 * 100; }},
      {"even", 1, 1000, 7, 100, [](std::size_t n) { return 3 * n + 1; }},
      {"guess above", 1, 100'000, 90'000, 4096, [](std::size_t n) { return 5 * n; }},
      {"guess at the end", 3, 40, 4000, 200, [](std::size_t n) { return 4 * n; }},
      {"steps", 1, 5000, 100, 777, [](std::size_t n) { return n / 3 * 2; }},
      {"a start that costs", 5, 10'000, 5, 9000, [](std::size_t n) { return 4000 + n; }},
      {"growing", 1, 10'000, 50, 50'000,
       [](std::size_t n) { return static_cast<std::uint64_t>(std::pow(n, 1.3)); }},
      {"exactly", 1, 64, 1, 64, [](std::size_t n) { return n; }},
  };
  for (const Case& c : cases) {
    std::size_t calls = 0;
    const auto n = largest_fit(c.least, c.most, c.guess, c.limit, [&](std::size_t units) {
      ++calls;
      EXPECT_TRUE(units >= c.least && units <= c.most) << c.name;
      EXPECT_LE(units, std::max<std::size_t>(c.guess, 4 * c.limit)) << c.name << ": far beyond what can fit";
      return c.cost(units);
    });
    ASSERT_TRUE(n) << c.name;
    EXPECT_LE(c.cost(*n), c.limit) << c.name;
    EXPECT_TRUE(*n == c.most || c.cost(*n + 1) > c.limit) << c.name;
    EXPECT_LE(calls, 36u) << c.name;
  }
}

TEST(LargestFit, IsNothingWhereTheLeastIsTooLong) {
  EXPECT_FALSE(largest_fit(4, 100, 10, 11, [](std::size_t n) { return 3 * n; }));
}

}  // namespace
}  // namespace film::benchmarks
