// Models for which cutting is not exact: SentencePiece gets whole texts, and the tokenizer says why.
#include <gtest/gtest.h>

#include "support.h"

namespace film::testing_text {
namespace {

struct Case {
  const char* name;
  HandMadeModel model;
  const char* why;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

const std::vector<HandMadePiece> kPieces = {{"\u2581", -1},      {"a", -1},  {"b", -1},
                                            {"\u2581a", -2},     {"ab", -3}, {"\u2581ab", -4},
                                            {"\u2581\u2581", -5}};

HandMadeModel with(void (*change)(HandMadeModel&)) {
  HandMadeModel model;
  model.pieces = kPieces;
  change(model);
  return model;
}

std::vector<Case> cases() {
  return {
      {"unigram", with([](HandMadeModel& m) { m.kind = 1; }), "it is not a BPE model"},
      {"no_byte_fallback", with([](HandMadeModel& m) { m.byte_fallback = false; }),
       "it has no byte fallback"},
      {"removes_spaces", with([](HandMadeModel& m) { m.remove_extra_whitespaces = true; }),
       "its normaliser removes spaces"},
      {"keeps_spaces", with([](HandMadeModel& m) { m.escape_whitespaces = false; }),
       "it does not escape spaces"},
      {"suffix", with([](HandMadeModel& m) { m.whitespace_as_suffix = true; }),
       "it puts the dummy space at the end"},
      {"unused_piece", with([](HandMadeModel& m) { m.pieces[4].type = 5; }), "it has unused pieces"},
      // For the last two cutting is exact, only newlines or spaces are not always cuts.
      {"newline_in_a_piece", with([](HandMadeModel& m) {
         m.pieces.push_back({"\n\n", -6});
       }),
       "a piece holds a newline beside another character"},
      {"space_in_a_piece", with([](HandMadeModel& m) {
         m.pieces.push_back({"a\u2581b", -6});
       }),
       "a piece holds a space behind another character"},
      // And these change nothing.
      {"no_dummy_prefix", with([](HandMadeModel& m) { m.add_dummy_prefix = false; }), ""},
      {"user_defined", with([](HandMadeModel& m) {
         m.pieces.push_back({"aba", 0, 4});
       }),
       ""},
  };
}

class SlowPath : public ::testing::TestWithParam<Case> {};

TEST_P(SlowPath, IsExactAndSaysWhy) {
  const fs::path path = temporary_file("model", model_bytes(GetParam().model));
  const text::Tokenizer tokenizer = text::Tokenizer::load(path);
  EXPECT_EQ(tokenizer.why_not_split(), GetParam().why);
  EXPECT_EQ(tokenizer.splits_at_newlines(), *GetParam().why == '\0');
  const Authority authority(path);
  for (std::size_t i = 0; i < 3000; ++i) {
    Random random(31, "tokenizer.slow", i);
    const std::string text = strange_text(random, i % kKinds, tokenizer);
    ASSERT_EQ(tokenizer.encode(text), authority.encode(text)) << shown(text);
  }
}

INSTANTIATE_TEST_SUITE_P(Tokenizer, SlowPath, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(SlowPathTrained, UnigramThatRewritesCharacters) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(rewriting_model());
  EXPECT_FALSE(tokenizer.splits_at_newlines());
  const Authority authority(rewriting_model());
  EXPECT_EQ(authority.encode("\u00c9 \u2460  A"), authority.encode("\u00e9 1 a"))
      << "the fixture rewrites nothing";
  for (std::size_t i = 0; i < 10'000; ++i) {
    Random random(32, "tokenizer.rewriting", i);
    const std::string text = strange_text(random, i % kKinds, tokenizer);
    ASSERT_EQ(tokenizer.encode(text), authority.encode(text)) << shown(text);
  }
  EXPECT_EQ(tokenizer.decode(tokenizer.encode("the ferry")), "the ferry");
}

}  // namespace
}  // namespace film::testing_text
