// Random numbers: the generator's published vectors, and what film builds on them.
#include "film/base/random.h"

#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "support.h"

namespace film {
namespace {

using Block = std::array<std::uint32_t, 4>;

// Known-answer vectors of Random123 1.x (kat_vectors: philox4x32, 10 rounds).
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// Pearson's statistic against equal counts.
double chi_square(const std::vector<int>& counts) {
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  const double expected = total / static_cast<double>(counts.size());
  double sum = 0;
  for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

// Mean plus five standard deviations of the chi-square distribution: seeds are fixed, so this never flickers.
double chi_square_limit(std::size_t cells) {
  const double freedom = static_cast<double>(cells) - 1;
  return freedom + 5 * std::sqrt(2 * freedom);
}

TEST(Random, BelowIsUniform) {
  for (const std::size_t bound : {2, 3, 7, 10, 100, 1000}) {
    Random random(1, "below", bound);
    std::vector<int> counts(bound);
    for (int i = 0; i < 200'000; ++i) ++counts.at(random.below(bound));
    EXPECT_LT(chi_square(counts), chi_square_limit(bound)) << bound;
  }
}

// With bound 3 * 2^62 plain `bits() % bound` would hit the lowest third twice as often as the others.
TEST(Random, BelowHasNoBiasAtLargeBounds) {
  constexpr std::uint64_t kThird = std::uint64_t{1} << 62;
  Random random(2, "below");
  std::vector<int> counts(3);
  for (int i = 0; i < 30'000; ++i) ++counts.at(random.below(3 * kThird) / kThird);
  EXPECT_LT(chi_square(counts), chi_square_limit(3));
}

TEST(Random, BelowOneIsZero) {
  Random random(0, "one");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(random.below(1), 0u);
}

TEST(Random, UniformIsInRangeAndUniform) {
  Random random(3, "uniform");
  std::vector<int> counts(64);
  double sum = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
    ++counts.at(static_cast<std::size_t>(u * 64));
  }
  EXPECT_NEAR(sum / 100'000, 0.5, 0.005);
  EXPECT_LT(chi_square(counts), chi_square_limit(64));
}

TEST(Random, NormalHasItsMoments) {
  Random random(4, "normal");
  double sum = 0, squares = 0, fourth = 0;
  constexpr int kDraws = 200'000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal();
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.012);
  EXPECT_NEAR(squares / kDraws, 1, 0.02);
  EXPECT_NEAR(fourth / kDraws, 3, 0.15);
}

TEST(Random, SameKeySameNumbers) {
  Random a(5, "purpose", 6), b(5, "purpose", 6);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(a.bits(), b.bits());
}

// Streams that differ in seed, purpose or item share no number, and their bits agree half of the time.
TEST(Random, StreamsAreIndependent) {
  struct Key {
    std::uint64_t seed;
    const char* purpose;
    std::uint64_t item;
  };
  const std::vector<Key> keys = {{0, "a", 0}, {1, "a", 0}, {0, "b", 0},  {0, "a", 1},         {0, "a", 2},
                                 {0, "", 0},  {2, "a", 0}, {0, "ab", 0}, {0, "a", 1ull << 32}};
  std::set<std::uint64_t> all;
  std::vector<std::vector<std::uint64_t>> streams;
  for (const Key& key : keys) {
    Random random(key.seed, key.purpose, key.item);
    streams.emplace_back();
    for (int i = 0; i < 1000; ++i) streams.back().push_back(random.bits());
    all.insert(streams.back().begin(), streams.back().end());
  }
  EXPECT_EQ(all.size(), 1000 * keys.size());
  for (std::size_t a = 0; a < streams.size(); ++a)
    for (std::size_t b = a + 1; b < streams.size(); ++b) {
      int differing = 0;
      for (std::size_t i = 0; i < 1000; ++i) differing += std::popcount(streams[a][i] ^ streams[b][i]);
      EXPECT_NEAR(differing, 32'000, 5 * std::sqrt(64'000 / 4.0)) << a << " and " << b;
    }
}

TEST(Random, ShuffleIsUniformOverPermutations) {
  Random random(7, "shuffle");
  std::map<std::string, int> seen;
  for (int i = 0; i < 48'000; ++i) {
    std::string letters = "abcd";
    random.shuffle(letters);
    ++seen[letters];
  }
  ASSERT_EQ(seen.size(), 24u);
  std::vector<int> counts;
  for (const auto& [order, count] : seen) counts.push_back(count);
  EXPECT_LT(chi_square(counts), chi_square_limit(24));
}

TEST(Random, ShuffleOfNothingAndOne) {
  Random random(8, "shuffle");
  std::vector<int> none, one = {1};
  random.shuffle(none);
  random.shuffle(one);
  EXPECT_EQ(one, std::vector{1});
}

// The bytes are part of what film promises: data made with one version can be made again with the next. The
// values come from a second implementation, in Python.
TEST(Random, GoldenValues) {
  Random random(42, "golden", 7);
  EXPECT_EQ(random.bits(), 0xe247e2df88f8d14u);
  EXPECT_EQ(random.bits(), 0xb61afba986615379u);
  EXPECT_EQ(random.bits(), 0x78bc050a06b542abu);
  EXPECT_EQ(random.below(1000), 174u);
}

}  // namespace
}  // namespace film
