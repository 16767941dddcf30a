// Algorithm 1 (paper section 2.1): against a naive reference, and its properties through real tokenizers.
#include "film/text/segmenter.h"

#include <gtest/gtest.h>

#include <numeric>

#include "../support/corpus.h"

namespace film::text {
namespace {

using support::models;
using support::random_text;

using Counts = std::vector<std::uint32_t>;

// The paper's words, naively: sums are made anew for every line.
std::vector<std::vector<std::size_t>> naive(const Counts& lines, std::uint32_t newline,
                                            std::uint32_t min_tokens) {
  std::vector<std::vector<std::size_t>> segments;
  std::vector<std::size_t> current;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    current.push_back(i);
    std::uint64_t sum = 0;
    for (const std::size_t line : current) sum += lines[line];
    sum += newline * (current.size() - 1);
    if (sum >= min_tokens) {
      segments.push_back(current);
      current.clear();
    }
  }
  if (!current.empty()) {
    if (segments.empty()) segments.emplace_back();
    segments.back().insert(segments.back().end(), current.begin(), current.end());
  }
  return segments;
}

TEST(CutIntoSegments, ClosesAtTheLimitAndJoinsTheRest) {
  using Spans = std::vector<LineSpan>;
  EXPECT_EQ(cut_into_segments(Counts{128}, 1, 128), (Spans{{0, 1}}));
  EXPECT_EQ(cut_into_segments(Counts{127}, 1, 128), (Spans{{0, 1}}));
  EXPECT_EQ(cut_into_segments(Counts{128, 128}, 1, 128), (Spans{{0, 1}, {1, 2}}));
  EXPECT_EQ(cut_into_segments(Counts{128, 127}, 1, 128), (Spans{{0, 2}}));
  EXPECT_EQ(cut_into_segments(Counts{64, 63, 200}, 1, 128), (Spans{{0, 2}, {2, 3}}));  // 64 + 1 + 63 = 128
  EXPECT_EQ(cut_into_segments(Counts{64, 62, 200}, 1, 128), (Spans{{0, 3}}));
  EXPECT_EQ(cut_into_segments(Counts{0, 0, 0}, 1, 128), (Spans{{0, 3}}));
  EXPECT_EQ(cut_into_segments(Counts{200, 0, 0}, 1, 128), (Spans{{0, 3}}));
  EXPECT_TRUE(cut_into_segments(Counts{}, 1, 128).empty());
}

TEST(CutIntoSegments, LeavesARestThatWouldBeTooMuch) {
  using Spans = std::vector<LineSpan>;
  EXPECT_EQ(cut_into_segments(Counts{128, 100}, 1, 128, 228), (Spans{{0, 1}, {1, 2}}));
  EXPECT_EQ(cut_into_segments(Counts{128, 100}, 1, 128, 229), (Spans{{0, 2}}));
  EXPECT_EQ(cut_into_segments(Counts{10, 128, 20, 30}, 1, 128, 180), (Spans{{0, 2}, {2, 4}}));
}

TEST(CutIntoSegments, AgreesWithTheNaiveReference) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Random random(seed, "cut");
    Counts lines(1 + random.below(40));
    for (auto& count : lines) count = static_cast<std::uint32_t>(random.below(4) == 0 ? 0 : random.below(90));
    const auto newline = static_cast<std::uint32_t>(random.below(3));
    const auto min_tokens = static_cast<std::uint32_t>(1 + random.below(200));
    std::vector<std::vector<std::size_t>> got;
    for (const LineSpan span : cut_into_segments(lines, newline, min_tokens)) {
      got.emplace_back(span.end - span.begin);
      std::iota(got.back().begin(), got.back().end(), span.begin);
    }
    ASSERT_EQ(got, naive(lines, newline, min_tokens)) << "seed " << seed;
  }
}

TokenIds ids_of(const Segment& segment) { return {segment.tokens.begin(), segment.tokens.end()}; }

TEST(SegmentText, GivesTheDocumentBackAndTrueTokens) {
  for (const fs::path& model : models()) {
    const Tokenizer tokenizer = Tokenizer::load(model);
    const TokenIds newline = tokenizer.encode_continuation("\n");
    for (std::uint64_t seed = 0; seed < 150; ++seed) {
      Random random(seed, "text");
      const std::string text = random_text(random, random.below(60));
      const auto min_tokens = static_cast<std::uint32_t>(8 + random.below(200));
      const SegmentedText segmented = segment_text(text, tokenizer, newline, min_tokens);
      const std::vector<Segment>& segments = segmented.segments;
      std::string joined;
      TokenIds ids;
      for (std::size_t i = 0; i < segments.size(); ++i) {
        const Segment& segment = segments[i];
        EXPECT_EQ(ids_of(segment), tokenizer.encode_continuation(segment.text));
        EXPECT_EQ(segment.line, std::count(joined.begin(), joined.end(), '\n') + (i > 0 ? 1 : 0));
        if (segments.size() > 1) {
          EXPECT_GE(segment.tokens.size(), min_tokens);
        }
        if (i > 0) joined += '\n', ids.insert(ids.end(), newline.begin(), newline.end());
        joined += segment.text;
        ids.insert(ids.end(), segment.tokens.begin(), segment.tokens.end());
      }
      ASSERT_EQ(joined, text) << model << " seed " << seed;
      ASSERT_EQ(ids, tokenizer.encode_continuation(text)) << model << " seed " << seed;
    }
  }
}

// The whole-document encoding differs from the continuation in the dummy prefix of the first word alone.
TEST(SegmentText, CountsContinuationTokens) {
  const Tokenizer tokenizer = Tokenizer::load(support::small_model());
  const SegmentedText segmented =
      segment_text("the ferry", tokenizer, tokenizer.encode_continuation("\n"), 128);
  ASSERT_EQ(segmented.segments.size(), 1u);
  EXPECT_EQ(ids_of(segmented.segments[0]), tokenizer.encode_continuation("the ferry"));
  EXPECT_NE(ids_of(segmented.segments[0]), tokenizer.encode("the ferry"));
}

}  // namespace
}  // namespace film::text
