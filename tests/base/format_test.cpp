// Numbers, durations and bars for people.
#include "film/base/format.h"

#include "film/base/clock.h"
#include "film/base/fnv1a.h"
#include "film/base/random.h"
#include "support.h"

namespace film {
namespace {

TEST(Format, Durations) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(0.01), "< 0.1 s");
  EXPECT_EQ(duration_text(0.34), "0.3 s");
  EXPECT_EQ(duration_text(0.96), "1 s");
  EXPECT_EQ(duration_text(3.4), "3 s");
  EXPECT_EQ(duration_text(59.4), "59 s");
  EXPECT_EQ(duration_text(59.6), "1 min 00 s");
  EXPECT_EQ(duration_text(245), "4 min 05 s");
  EXPECT_EQ(duration_text(3599.6), "1 h 00 min");
  EXPECT_EQ(duration_text(7800), "2 h 10 min");
  EXPECT_EQ(duration_text(360'000), "100 h 00 min");
}

TEST(Format, GroupedNumbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(Format, Bars) {
  EXPECT_EQ(bar(0, 4, "░"), "░░░░");
  EXPECT_EQ(bar(1, 4, "░"), "████");
  EXPECT_EQ(bar(0.5, 4, "░"), "██░░");
  EXPECT_EQ(bar(0.124, 4), "");
  EXPECT_EQ(bar(0.125, 4), "█") << "half a cell is one";
  EXPECT_EQ(bar(2, 4, "░"), "████");
}

// Published test vectors; seeds and shares of corpora depend on these numbers for good.
TEST(Fnv1a, KnownValues) {
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325u);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8u);
  EXPECT_NE(fnv1a("\xff"), fnv1a("\x7f"));
  EXPECT_EQ(fnv1a("bar", fnv1a("foo")), fnv1a("foobar"));
}

TEST(Fnv1a, OfManyIsThatOfEach) {
  Random random(1, "fnv");
  for (std::size_t count = 0; count < 40; ++count) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) {
      std::string text(random.below(i % 3 == 0 ? 3 : 50), '\0');
      for (char& c : text) c = static_cast<char>(random.below(256));
      texts.push_back(std::move(text));
    }
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    std::vector<std::uint64_t> each;
    for (const std::string_view text : views) each.push_back(fnv1a(text));
    EXPECT_EQ(fnv1a_each(views), each) << count;
  }
}

TEST(Clock, NeverGoesBackwards) {
  double before = steady_seconds();
  for (int i = 0; i < 1000; ++i) {
    const double now = steady_seconds();
    EXPECT_GE(now, before);
    before = now;
  }
}

TEST(Format, ANounFollowsItsNumber) {
  EXPECT_EQ(counted(0, "file"), "0 files");
  EXPECT_EQ(counted(1, "file"), "1 file");
  EXPECT_EQ(counted(2000, "file"), "2,000 files");
}

}  // namespace
}  // namespace film
