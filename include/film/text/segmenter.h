#pragma once
// Algorithm 1 of the paper (section 2.1, appendix A): a document's lines -> segments of at least 128 tokens.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "film/text/tokenizer.h"

namespace film::text {

// Lines [begin, end) of a document.
struct LineSpan {
  std::size_t begin = 0, end = 0;
  bool operator==(const LineSpan&) const = default;
};

// Lines are added to the open segment until its tokens (those of its lines and of the newlines between them)
// reach `min_tokens`; lines left over at the end go to the last closed segment. A document that never gets
// there is one segment. Every line is in exactly one segment, empty lines too (they hold no token but cost
// their newline), so that joining the segments' texts with '\n' gives the document back. What is left over stays a
// segment of its own where the last one would hold more than `max_tokens` with it (0: any number).
std::vector<LineSpan> cut_into_segments(std::span<const std::uint32_t> line_tokens,
                                        std::uint32_t newline_tokens, std::uint32_t min_tokens,
                                        std::uint32_t max_tokens = 0);

struct Segment {
  std::string_view text;
  std::span<const TokenId> tokens;  // encode_continuation(text): segments follow a newline
  std::uint32_t line = 0;           // of the document's text, from 0
};

// Segments as views: of the document's text, which its owner keeps, and of `ids`, the document's.
struct SegmentedText {
  TokenIds ids;
  std::vector<Segment> segments;

  SegmentedText() = default;
  SegmentedText(SegmentedText&&) = default;
  SegmentedText& operator=(SegmentedText&&) = default;
};

// `newline` = tokenizer.encode_continuation("\n"). Each line is encoded once; needs tokenizer.splits_at_newlines().
SegmentedText segment_text(std::string_view text, const Tokenizer& tokenizer, const TokenIds& newline,
                           std::uint32_t min_tokens, std::uint32_t max_tokens = 0);

}  // namespace film::text
