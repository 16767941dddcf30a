// film's ids are SentencePiece's ids, on 100,000 strange texts for each model.
#include <gtest/gtest.h>

#include "support.h"

namespace film::testing_text {
namespace {

constexpr std::size_t kTexts = 100'000;

void expect_same(const fs::path& model) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(model);
  const Authority authority(model);
  ASSERT_TRUE(tokenizer.splits_at_newlines()) << tokenizer.why_not_split();
  const std::size_t before = authority.encode("\n").size();  // the dummy prefix and the newline
  for (std::size_t i = 0; i < kTexts; ++i) {
    Random random(17, "tokenizer.exact", i);
    const std::string text = strange_text(random, i % kKinds, tokenizer);
    ASSERT_EQ(tokenizer.encode(text), authority.encode(text)) << "text " << i << ": " << shown(text);
    // What follows a newline, taken from SentencePiece's own result.
    text::TokenIds continued = authority.encode("\n" + text);
    continued.erase(continued.begin(), continued.begin() + static_cast<std::ptrdiff_t>(before));
    ASSERT_EQ(tokenizer.encode_continuation(text), continued) << "text " << i << ": " << shown(text);
  }
}

TEST(TokenizerExact, SmallModel) { expect_same(small_model()); }

TEST(TokenizerExact, ModelOfTheEnvironment) {
  const auto model = path_from("FILM_TOKENIZER");
  if (!model) GTEST_SKIP() << "FILM_TOKENIZER is not set: it names a SentencePiece model such as Mistral's";
  expect_same(*model);
}

// A vocabulary of random pieces with equal scores among them: exactness must not rest on how a
// real one looks.
HandMadeModel random_model(Random& random, const std::vector<std::string>& alphabet) {
  HandMadeModel model;
  model.add_dummy_prefix = random.below(4) != 0;
  std::vector<std::string> texts;
  for (const std::string& letter : alphabet)
    if (random.below(6) != 0) texts.push_back(letter);
  for (std::uint64_t left = random.below(40); left > 0; --left) {
    std::string piece;
    for (std::uint64_t size = 2 + random.below(5); size > 0; --size)
      piece += alphabet[random.below(alphabet.size())];
    texts.push_back(piece);
  }
  const bool user_defined = random.below(3) == 0;  // film merges the pieces of other models by itself
  for (const std::string& text : texts) {
    const bool known = std::any_of(model.pieces.begin(), model.pieces.end(),
                                   [&](const HandMadePiece& piece) { return piece.text == text; });
    const unsigned type = user_defined && random.below(12) == 0 ? 4 : 1;
    if (!known) model.pieces.push_back({text, -static_cast<float>(random.below(20)), type});
  }
  return model;
}

TEST(TokenizerExact, RandomVocabularies) {
  const std::vector<std::string> alphabet = {"a", "b", "c", "\u2581", "\u00e9", "\u4e2d", "\n", "."};
  const std::vector<std::string> letters = {"a",  "b", "c",      " ",    "\u00e9", "\u4e2d",
                                            "\n", ".", "\u2581", "\xC3", "\t"};
  for (std::size_t i = 0; i < 300; ++i) {
    Random random(18, "tokenizer.random_vocabulary", i);
    const fs::path path = temporary_file("model", model_bytes(random_model(random, alphabet)));
    const text::Tokenizer tokenizer = text::Tokenizer::load(path);
    const Authority authority(path);
    for (std::size_t t = 0; t < 100; ++t) {
      std::string text;
      for (std::uint64_t left = random.below(t % 10 == 0 ? 150 : 30); left > 0; --left)
        text += letters[random.below(letters.size())];
      ASSERT_EQ(tokenizer.encode(text), authority.encode(text)) << "model " << i << ", text " << shown(text);
    }
  }
}

TEST(TokenizerExact, LongRunsWithoutACut) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(small_model());
  const Authority authority(small_model());
  for (const char* unit : {"a", " ", "=", "\u2581", "\xE9"}) {
    std::string text;
    for (int i = 0; i < 200'000; ++i) text += unit;
    EXPECT_TRUE(tokenizer.encode(text) == authority.encode(text)) << shown(unit);
  }
}

}  // namespace
}  // namespace film::testing_text
