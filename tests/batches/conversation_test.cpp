// A conversation is one causal sequence with loss on every answer, whatever stands around it.
#include <gtest/gtest.h>

#include "../support/corpus.h"
#include "../support/packs.h"
#include "film/batches/make_packs.h"

namespace film::batches {
namespace {

using text::PromptStyle;
using text::TokenId;
using text::TokenIds;
using text::Tokenizer;

Conversation chat(std::vector<Turn> turns, std::string context = "") {
  return {0, "chats.jsonl:1", std::move(context), std::move(turns)};
}

// All ids in the order in which a model sees them.
TokenIds ids_of(const EncodedPair& pair) {
  TokenIds ids;
  for (const EncodedTurn& turn : pair.earlier)
    for (const TokenIds& part : {turn.question, turn.answer}) ids.insert(ids.end(), part.begin(), part.end());
  for (const TokenIds& part : {pair.question, pair.answer}) ids.insert(ids.end(), part.begin(), part.end());
  return ids;
}

Pack pack_of(const EncodedPair& pair) {
  const EncodedExample example{{}, {pair}};
  return testing::make_packs({example}).at(0);
}

class Conversations : public ::testing::TestWithParam<PromptStyle> {
 protected:
  const Tokenizer tokenizer_ = Tokenizer::load(support::small_model());
  const text::PromptTemplate& form_ = prompt_template(GetParam());
  const Encoder encoder_{tokenizer_, form_};

  // The rows of a pack and what they predict are those of the ids; loss is on the answers of `turns` that have it.
  void expect_pack(const Conversation& conversation) {
    const EncodedPair pair = encoder_.conversation(conversation);
    const Pack pack = pack_of(pair);
    const TokenIds ids = ids_of(pair);
    ASSERT_EQ(pack.rows() + 1, static_cast<std::int64_t>(ids.size()));
    EXPECT_EQ(pack.rows(), pair.shape().rows());
    EXPECT_EQ(static_cast<std::int64_t>(pack.targets.size()), pair.shape().loss_tokens());
    for (std::int64_t r = 0; r < pack.rows(); ++r) {
      EXPECT_EQ(pack.ids[static_cast<std::size_t>(r)], ids[static_cast<std::size_t>(r)]);
      EXPECT_EQ(pack.positions[static_cast<std::size_t>(r)], r);
    }
    TokenIds wanted;
    for (const Turn& turn : conversation.turns)
      if (const TokenIds answer = encode_answer(form_, tokenizer_, turn.assistant); turn.loss)
        wanted.insert(wanted.end(), answer.begin(), answer.end());
    EXPECT_EQ(pack.targets, wanted);
    for (std::size_t i = 0; i < pack.targets.size(); ++i)
      EXPECT_EQ(pack.targets[i], ids[static_cast<std::size_t>(pack.loss_rows[i]) + 1]);
    double sum = 0;
    for (const double weight : pack.weights) sum += weight;
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_EQ(pack.pair_count, 1);
    ASSERT_EQ(pack.groups.size(), 1u);
    EXPECT_EQ(pack.groups[0].continuations.size(), 1u);
  }
};

TEST_P(Conversations, HaveLossOnEveryAnswer) {
  expect_pack(chat({{"Which boat?", "Mol.", true}}));
  expect_pack(chat({{"Which boat?", "Mol.", true}, {"When?", "At six.", true}}));
  expect_pack(chat({{"a", "b", true}, {"c", "d e f", true}, {"g h", "i", true}}, "The ferry sails at six."));
  expect_pack(chat({{"a", "b c", false}, {"d", "e f", true}}));
}

TEST_P(Conversations, EndWithTheLastAnswerThatIsLearnt) {
  const EncodedPair whole = encoder_.conversation(chat({{"a", "b", true}})),
                    more = encoder_.conversation(chat({{"a", "b", true}, {"c", "d", false}}));
  EXPECT_EQ(ids_of(whole), ids_of(more));
}

// One turn is what a question without a context has always been.
TEST_P(Conversations, OfOneTurnAreAQuestionWithoutAContext) {
  const EncodedPair pair = encoder_.conversation(chat({{"Which boat?", "Mol.", true}}));
  EXPECT_EQ(pair.question, encode_question(form_, tokenizer_, "Which boat?", false));
  EXPECT_EQ(pair.answer, encode_answer(form_, tokenizer_, "Mol."));
  EXPECT_TRUE(pair.earlier.empty());
}

TEST_P(Conversations, WithAContextHaveItWhereThePromptHasOne) {
  const EncodedPair pair = encoder_.conversation(chat({{"When?", "At six.", true}}, "It sails at six."));
  const std::string text = tokenizer_.decode(pair.question);
  EXPECT_NE(text.find(form_.before_context + "It sails at six." + form_.before_question + "When?"), text.npos)
      << text;
}

INSTANTIATE_TEST_SUITE_P(Styles, Conversations, ::testing::Values(PromptStyle::film, PromptStyle::plain));

}  // namespace
}  // namespace film::batches
