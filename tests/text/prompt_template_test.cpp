#include "film/text/prompt_template.h"

#include <gtest/gtest.h>

#include "../support/failure.h"
#include "../support/prompt_text.h"
#include "film/base/settings.h"
#include "support.h"

namespace film::testing_text {
namespace {

// The wire format of published FILM checkpoints, to the byte.
TEST(PromptTemplate, Film) {
  EXPECT_EQ(support::prompt_text(text::prompt_template(text::PromptStyle::film), "C1\nC2", "Q?"),
            "[INST] Below is a context and an instruction. Based on the information provided in the context, "
            "write a "
            "response for the instruction.\n\n### Context:\nC1\nC2\n\n### Instruction:\nQ? [/INST]\n");
  EXPECT_EQ(support::prompt_text(text::prompt_template(text::PromptStyle::film), "", "Q?"),
            "[INST] Below is a user instruction. Write a response for the instruction.\n\n### Instruction:\n"
            "Q? [/INST]\n");
  EXPECT_EQ(text::prompt_template(text::PromptStyle::film).answer_lead, "");
}

TEST(PromptTemplate, Plain) {
  EXPECT_EQ(support::prompt_text(text::prompt_template(text::PromptStyle::plain), "C", "Q?"),
            "Context:\nC\n\nQuestion: Q?\nAnswer:");
  EXPECT_EQ(support::prompt_text(text::prompt_template(text::PromptStyle::plain), "", "Q?"),
            "Question: Q?\nAnswer:");
  EXPECT_EQ(text::prompt_template(text::PromptStyle::plain).answer_lead, " ");
}

struct Sample {
  text::PromptStyle prompt = text::PromptStyle::film;
  void describe(Fields& f) { f.add("prompt", prompt, "prompt template"); }
};

// The prompt is the message with what Mistral's chat template puts around it, but for the last newline.
TEST(PromptTemplate, AUserMessageIsThePromptWithoutTheChatTemplate) {
  const text::PromptTemplate& film = text::prompt_template(text::PromptStyle::film);
  const std::string prompt = film.before_context + "C" + film.before_question + "Q?" + film.after_question;
  EXPECT_EQ("[INST] " + text::user_message(text::PromptStyle::film, "C", "Q?") + " [/INST]\n", prompt);
  EXPECT_EQ(text::user_message(text::PromptStyle::plain, "C", "Q?"), "Context:\nC\n\nQuestion: Q?");
}

TEST(PromptTemplate, UnknownNameIsAConfigurationError) {
  Sample sample;
  EXPECT_EQ(support::failure_of([&] { resolve(sample, std::nullopt, {"prompt=filme"}); }),
            "78 --set: prompt must be one of film, plain, got \"filme\" | did you mean \"film\"?");
  resolve(sample, std::nullopt, {"prompt=plain"});
  EXPECT_EQ(sample.prompt, text::PromptStyle::plain);
}

// The ids of the pieces, joined, are <s>, SentencePiece's ids of the whole text, </s>.
void expect_pieces_join(const fs::path& model) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(model);
  const Authority authority(model);
  for (const text::PromptStyle style : {text::PromptStyle::film, text::PromptStyle::plain})
    for (std::size_t i = 0; i < 3000; ++i) {
      const text::PromptTemplate& form = text::prompt_template(style);
      Random random(41, "prompt_template", i);
      const bool has_context = i % 4 != 0;
      const std::string context = has_context ? "x" + strange_text(random, i % kKinds, tokenizer) : "";
      const std::string question = strange_text(random, (i / 3) % kKinds, tokenizer);
      const std::string answer = strange_text(random, (i / 5) % kKinds, tokenizer);

      text::TokenIds ids;
      const auto append = [&](const text::TokenIds& part) {
        ids.insert(ids.end(), part.begin(), part.end());
      };
      if (has_context) append(text::encode_before_context(form, tokenizer));
      if (has_context) append(tokenizer.encode_continuation(context));
      append(text::encode_question(form, tokenizer, question, has_context));
      append(text::encode_answer(form, tokenizer, answer));

      text::TokenIds whole =
          authority.encode(support::prompt_text(form, context, question) + form.answer_lead + answer);
      whole.insert(whole.begin(), tokenizer.bos());
      whole.push_back(tokenizer.eos());
      ASSERT_EQ(ids, whole) << name_of(style) << ": " << shown(context) << " | " << shown(question) << " | "
                            << shown(answer);
    }
}

TEST(PromptTemplate, PiecesJoin) { expect_pieces_join(small_model()); }

TEST(PromptTemplate, PiecesJoinForTheModelOfTheEnvironment) {
  const auto model = path_from("FILM_TOKENIZER");
  if (!model) GTEST_SKIP() << "FILM_TOKENIZER is not set: it names a SentencePiece model such as Mistral's";
  expect_pieces_join(*model);
}

}  // namespace
}  // namespace film::testing_text
