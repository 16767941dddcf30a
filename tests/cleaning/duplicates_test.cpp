// De-duplication: the estimate against true similarities, and which of several stays.
#include "film/cleaning/duplicates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "film/base/fnv1a.h"
#include "film/base/random.h"

namespace film::cleaning {
namespace {

Fingerprint print_of(const std::string& text) { return fingerprint(text, fnv1a(text), true); }

std::string words(Random& random, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "w" + std::to_string(random.below(100000)) + " ";
  return text;
}

// The same words, each replaced with the given chance.
std::string rewritten(const std::string& text, double chance, Random& random) {
  std::string result, word;
  for (const char c : text) {
    word += c;
    if (c != ' ') continue;
    result += random.uniform() < chance ? "x" + std::to_string(random.below(100000)) + " " : word;
    word.clear();
  }
  return result;
}

std::set<std::string> shingles(const std::string& text) {
  std::vector<std::string> list;
  std::set<std::string> result;
  for (std::size_t at = 0, end = 0; (end = text.find(' ', at)) != std::string::npos; at = end + 1)
    list.push_back(text.substr(at, end - at));
  for (std::size_t i = 0; i + 5 <= list.size(); ++i)
    result.insert(list[i] + " " + list[i + 1] + " " + list[i + 2] + " " + list[i + 3] + " " + list[i + 4]);
  return result;
}

double jaccard(const std::string& one, const std::string& other) {
  const auto a = shingles(one), b = shingles(other);
  std::size_t both = 0;
  for (const std::string& shingle : a) both += b.contains(shingle) ? 1 : 0;
  return static_cast<double>(both) / static_cast<double>(a.size() + b.size() - both);
}

// A minimum agrees with the probability of the Jaccard similarity: mean error 0, spread sqrt(J (1 - J) / 112).
TEST(Fingerprint, EstimatesTheJaccardSimilarity) {
  Random random(5, "jaccard");
  double sum = 0, squares = 0;
  constexpr int kPairs = 300;
  for (int i = 0; i < kPairs; ++i) {
    const std::string one = words(random, 200), other = rewritten(one, 0.1 * random.uniform(), random);
    const Fingerprint a = print_of(one), b = print_of(other);
    double equal = 0;
    for (std::size_t m = 0; m < kMinima; ++m) equal += a.minima[m] == b.minima[m] ? 1 : 0;
    const double truth = jaccard(one, other),
                 spread = std::sqrt(std::max(truth * (1 - truth), 0.001) / kMinima);
    const double z = (equal / kMinima - truth) / spread;
    sum += z;
    squares += z * z;
  }
  EXPECT_LT(std::abs(sum / kPairs), 0.25);
  EXPECT_NEAR(squares / kPairs, 1, 0.35);
}

TEST(DuplicateFinder, FindsCopiesAndNearCopies) {
  Random random(6, "copies");
  DuplicateFinder finder({.exact = true, .near = 0.8});
  std::vector<std::string> kept;
  for (std::uint64_t i = 0; i < 200; ++i) {
    kept.push_back(words(random, 150));
    ASSERT_FALSE(finder.match(print_of(kept.back()))) << "unlike texts";
    finder.keep(print_of(kept.back()), i);
  }
  int near = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const auto same = finder.match(print_of(kept[i]));
    ASSERT_TRUE(same);
    EXPECT_TRUE(same->exact);
    EXPECT_EQ(same->document, i);
    const std::string changed = kept[i] + "one more word";
    const auto alike = finder.match(print_of(changed));
    near += alike && !alike->exact && alike->document == i ? 1 : 0;
    EXPECT_FALSE(finder.match(print_of(rewritten(kept[i], 0.3, random)))) << "a third of the words is new";
  }
  EXPECT_GE(near, 198);
}

TEST(DuplicateFinder, TheSettingsSayWhatCounts) {
  const std::string text = "one two three four five six seven eight";
  for (const bool exact : {true, false})
    for (const double near : {0.0, 0.8}) {
      DuplicateFinder finder({.exact = exact, .near = near});
      finder.keep(fingerprint(text, 1, near > 0), 7);
      EXPECT_EQ(finder.match(fingerprint(text, 1, near > 0)).has_value(), exact || near > 0);
      EXPECT_EQ(
          finder.match(fingerprint("ONE two, three four five six seven eight!", 2, near > 0)).has_value(),
          near > 0);
    }
}

// Texts without words, and short ones, are no copies of each other.
TEST(DuplicateFinder, ShortTextsDoNotRunTogether) {
  DuplicateFinder finder({.exact = true, .near = 0.8});
  std::uint64_t number = 0;
  for (const char* text :
       {"***", "---", "one", "two", "one two", "two one", "one two three four", "一", "二"}) {
    EXPECT_FALSE(finder.match(print_of(text))) << text;
    finder.keep(print_of(text), number++);
  }
}

TEST(DuplicateFinder, NoChainLeadsAway) {
  DuplicateFinder finder({.exact = true, .near = 0.7});
  Random random(8, "chain");
  const std::string first = words(random, 300);
  finder.keep(print_of(first), 0);
  std::string text = first;
  int left_out = 0;
  for (std::uint64_t i = 1; i < 40; ++i) {
    text = rewritten(text, 0.01, random);
    if (const auto match = finder.match(print_of(text)))
      left_out += match->exact ? 0 : 1;
    else
      finder.keep(print_of(text), i);
  }
  EXPECT_GT(left_out, 5);
  EXPECT_LT(left_out, 38) << "what has drifted away is kept";
}

}  // namespace
}  // namespace film::cleaning
