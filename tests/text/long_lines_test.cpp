// No segment is longer than asked for, and nothing but white space changes.
#include "film/text/long_lines.h"

#include <gtest/gtest.h>

#include "../support/corpus.h"
#include "film/base/strings.h"
#include "film/text/segmenter.h"

namespace film::text {
namespace {

using support::models;

// Texts with paragraphs on one line, in several scripts, and one without any sentence end or blank.
std::vector<std::string> long_lined_texts() {
  std::string english, chinese, thai, numbers, bare;
  for (int i = 0; i < 60; ++i) {
    english += "The pilot of boat " + std::to_string(i) + " knows the sands, and the sands know him. ";
    chinese += "第" + std::to_string(i) + "条船的领航员熟悉沙洲。";
    thai += "นำร่องรู้จักสันทราย ";
    numbers += std::to_string(i * 7919) + ",";
    bare += "ſtrand";
  }
  return {
      english, chinese, thai, numbers, bare, "Short line.\n" + english + "\nend", english + "\n" + chinese};
}

std::string without_space(std::string_view text) {
  std::string bare;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (!is_space(c.value)) bare += text.substr(at, c.size);
    at += c.size;
  }
  return bare;
}

TEST(LongLines, AreCutBelowTheLimitAndNothingElseIsLost) {
  for (const fs::path& model : models()) {
    const Tokenizer tokenizer = Tokenizer::load(model);
    const TokenIds newline = tokenizer.encode_continuation("\n");
    for (const std::string& text : long_lined_texts())
      for (const std::uint32_t min_tokens : {8u, 20u, 64u}) {
        const std::uint32_t most = 2 * min_tokens + 10;
        LineCuts cuts;
        const std::string cut = cut_long_lines(text, tokenizer, {min_tokens, most}, cuts);
        const SegmentedText segmented = segment_text(cut, tokenizer, newline, min_tokens, most);
        for (const Segment& segment : segmented.segments)
          EXPECT_LE(segment.tokens.size(), most) << segment.text;
        EXPECT_EQ(without_space(cut), without_space(text));
        EXPECT_GT(cuts.at_sentences + cuts.inside, 0u);
      }
  }
}

TEST(LongLines, AreCutAtSentencesFirst) {
  const Tokenizer tokenizer = Tokenizer::load(models()[0]);
  const std::vector<std::string> texts = long_lined_texts();
  const std::vector<bool> has_sentences = {true, true, true, false, false, true, true};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    LineCuts cuts;
    cut_long_lines(texts[i], tokenizer, {64, 256}, cuts);
    EXPECT_EQ(cuts.at_sentences > 0, has_sentences[i]) << texts[i];
    EXPECT_EQ(cuts.inside > 0, !has_sentences[i]) << texts[i];
  }
}

TEST(LongLines, StayWholeWithoutALimitOrBelowIt) {
  const Tokenizer tokenizer = Tokenizer::load(models()[0]);
  for (const std::string& text : long_lined_texts())
    for (const std::uint32_t max_tokens : {0u, 100'000u}) {
      LineCuts cuts;
      EXPECT_EQ(cut_long_lines(text, tokenizer, {16, max_tokens}, cuts), text);
      EXPECT_EQ(cuts.at_sentences + cuts.inside, 0u);
    }
}

}  // namespace
}  // namespace film::text
