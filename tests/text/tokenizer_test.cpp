// What callers build on: lines join, texts come back, any number of threads may encode.
#include "film/text/tokenizer.h"

#include <gtest/gtest.h>

#include <thread>

#include "film/base/error.h"
#include "support.h"

namespace film::testing_text {
namespace {

text::TokenIds joined(std::initializer_list<text::TokenIds> parts) {
  text::TokenIds all;
  for (const text::TokenIds& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

void expect_lines_join(const text::Tokenizer& tokenizer) {
  const text::TokenIds newline = tokenizer.encode_continuation("\n");
  EXPECT_EQ(newline.size(), 1U);
  for (std::size_t i = 0; i < 20'000; ++i) {
    Random random(21, "tokenizer.lines", i);
    const std::string a = strange_text(random, i % kKinds, tokenizer);
    const std::string b = strange_text(random, (i / kKinds) % kKinds, tokenizer);
    if (a.empty()) continue;
    ASSERT_EQ(tokenizer.encode(a + "\n" + b),
              joined({tokenizer.encode(a), newline, tokenizer.encode_continuation(b)}))
        << shown(a) << " | " << shown(b);
    // Behind a text that does not end in a space, a space run starts anew.
    if (a.ends_with(' ') || a.ends_with("\u2581")) continue;
    ASSERT_EQ(tokenizer.encode(a + " " + b),
              joined({tokenizer.encode(a), tokenizer.encode_continuation(" " + b)}))
        << shown(a) << " | " << shown(b);
  }
}

TEST(Tokenizer, LinesEncodedApartJoin) { expect_lines_join(text::Tokenizer::load(small_model())); }

TEST(Tokenizer, LinesEncodedApartJoinForTheModelOfTheEnvironment) {
  const auto model = path_from("FILM_TOKENIZER");
  if (!model) GTEST_SKIP() << "FILM_TOKENIZER is not set: it names a SentencePiece model such as Mistral's";
  expect_lines_join(text::Tokenizer::load(*model));
}

TEST(Tokenizer, EmptyTextHasNoIds) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(small_model());
  EXPECT_TRUE(tokenizer.encode("").empty());
  EXPECT_TRUE(tokenizer.encode_continuation("").empty());
  EXPECT_EQ(tokenizer.decode({}), "");
}

TEST(Tokenizer, ContinuationHasNoDummyPrefix) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(small_model());
  EXPECT_EQ(tokenizer.piece(tokenizer.encode("the").front()), "\u2581the");
  EXPECT_NE(tokenizer.piece(tokenizer.encode_continuation("the").front()).substr(0, 3), "\u2581");
  EXPECT_EQ(tokenizer.encode_continuation(" the"), tokenizer.encode("the"));
  EXPECT_EQ(tokenizer.piece(tokenizer.encode_continuation("\n").front()), "<0x0A>");
}

TEST(Tokenizer, ValidTextComesBack) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(small_model());
  for (std::size_t i = 0; i < 10'000; ++i) {
    Random random(22, "tokenizer.decode", i);
    const std::size_t kinds[] = {0, 1, 2, 3,
                                 5};  // the others hold U+2581, which comes back as a space, or bad bytes
    const std::string text = strange_text(random, kinds[i % 5], tokenizer);
    if (text.find("\u2581") != std::string::npos) continue;
    ASSERT_EQ(tokenizer.decode(tokenizer.encode(text)), text) << shown(text);
  }
}

TEST(Tokenizer, ControlPiecesAreLeftOutOfText) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(small_model());
  const text::TokenIds ids = joined({{tokenizer.bos()}, tokenizer.encode("All well."), {tokenizer.eos()}});
  EXPECT_EQ(tokenizer.decode(ids), "All well.");
}

TEST(Tokenizer, IdsOutsideTheVocabularyAreRefused) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(small_model());
  for (const text::TokenId id : {-1, 768, 1 << 30}) {
    EXPECT_THROW(static_cast<void>(tokenizer.piece(id)), Error) << id;
    EXPECT_THROW(static_cast<void>(tokenizer.decode(text::TokenIds{id})), Error) << id;
  }
}

// Each thread meets the same texts in another order, with caches handed around between short calls.
TEST(Tokenizer, FourThreadsAtOnce) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(small_model());
  const Authority authority(small_model());
  std::vector<std::string> texts;
  std::vector<text::TokenIds> expected;
  for (std::size_t i = 0; i < 3000; ++i) {
    Random random(23, "tokenizer.threads", i);
    texts.push_back(strange_text(random, i % kKinds, tokenizer));
    expected.push_back(authority.encode(texts.back()));
  }
  std::vector<std::size_t> wrong(4);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < wrong.size(); ++t)
      threads.emplace_back([&, t] {
        for (std::size_t i = 0; i < texts.size(); ++i) {
          const std::size_t at = (i * (2 * t + 1) * 7 + t) % texts.size();
          wrong[t] += tokenizer.encode(texts[at]) != expected[at];
        }
      });
  }
  EXPECT_EQ(wrong, std::vector<std::size_t>(4, 0));
}

}  // namespace
}  // namespace film::testing_text
