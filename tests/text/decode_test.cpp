// decode() against SentencePiece's own Decode() over random ids: pieces of every kind in any order, which no encoder would
// give, for models of every combination of options.
#include <gtest/gtest.h>

#include "film/base/error.h"
#include "support.h"

namespace film::testing_text {
namespace {

// Mostly ids that matter at the borders: byte pieces, control pieces, unknown, pieces that start with a space.
text::TokenIds random_ids(Random& random, std::size_t vocabulary) {
  text::TokenIds ids(random.below(14));
  for (text::TokenId& id : ids) {
    const std::uint64_t all = random.below(3) == 0 ? vocabulary : std::min<std::size_t>(vocabulary, 300);
    id = static_cast<text::TokenId>(random.below(random.below(4) == 0 ? 3 : all));
  }
  return ids;
}

void expect_decodes_alike(const fs::path& model, std::size_t times) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(model);
  const Authority authority(model);
  for (std::size_t i = 0; i < times; ++i) {
    Random random(31, "tokenizer.decode_ids", i);
    const text::TokenIds ids = random_ids(random, tokenizer.vocab_size());
    ASSERT_EQ(tokenizer.decode(ids), authority.decode(ids)) << ::testing::PrintToString(ids);
  }
}

TEST(Decode, RandomIdsOfTheSmallModel) { expect_decodes_alike(small_model(), 50'000); }

TEST(Decode, RandomIdsOfAModelThatRewritesCharacters) { expect_decodes_alike(rewriting_model(), 5'000); }

TEST(Decode, RandomIdsOfTheModelOfTheEnvironment) {
  const auto model = path_from("FILM_TOKENIZER");
  if (!model) GTEST_SKIP() << "FILM_TOKENIZER is not set: it names a SentencePiece model such as Mistral's";
  expect_decodes_alike(*model, 50'000);
}

TEST(Decode, RandomIdsUnderEveryCombinationOfOptions) {
  for (unsigned options = 0; options < 8; ++options) {
    HandMadeModel model;
    model.byte_fallback = (options & 1) != 0;
    model.add_dummy_prefix = (options & 2) != 0;
    model.remove_extra_whitespaces = (options & 4) != 0;
    model.pieces = {{"\u2581", 0, 1},
                    {"\u2581\u2581", -1, 1},
                    {"a", -2, 1},
                    {"\u2581a", -3, 1},
                    {"a\u2581b", -4, 1},
                    {"b", -5, 1},
                    {" x", -6, 4},
                    {"\u2581[tag]", -7, 4},
                    {"<0x41>", -8, 1},
                    {"\u2581a piece that is longer than a slot of the table", -10, 4},
                    {std::string(300, 'z'), -11, 1},
                    {"\u00e9", -9, 1},
                    {"<pad>", 0, 3},
                    {"unused", 0, 5}};
    if (model.byte_fallback) std::erase_if(model.pieces, [](const auto& p) { return p.text == "<0x41>"; });
    expect_decodes_alike(temporary_file("decode.model", model_bytes(model)), 5'000);
  }
}

}  // namespace
}  // namespace film::testing_text
