#pragma once
// Paragraphs on one line, cut so that no segment becomes too long.
#include <cstdint>
#include <string>

#include "film/text/tokenizer.h"

namespace film::text {

struct SegmentLimits {
  std::uint32_t min_tokens = 128;
  std::uint32_t max_tokens = 0;  // 0: any number; else at least twice min_tokens
};

// How often lines were cut, at ends of sentences and inside them.
struct LineCuts {
  std::uint64_t at_sentences = 0, inside = 0;
};

// Puts line breaks into lines with which a segment could hold more than max_tokens: at the ends of sentences, so that each
// line holds min_tokens where it can; and inside a sentence that is too long by itself, at a blank where there is one. The
// break takes the place of white space; characters stay whole. Adds to `cuts`.
std::string cut_long_lines(std::string text, const Tokenizer& tokenizer, const SegmentLimits& limits,
                           LineCuts& cuts);

}  // namespace film::text
