#pragma once
// How context, question and answer become one prompt. Pieces meet only where the tokenizer cuts (newlines and
// space runs), so each is encoded once and ids are joined (paper section 2.2 for "film").
#include <string>

#include "film/base/enum_names.h"
#include "film/text/tokenizer.h"

namespace film::text {

enum class PromptStyle {
  film,   // the wire format of FILM checkpoints
  plain,  // Context:/Question:/Answer:
};
constexpr auto enum_names(PromptStyle) {
  return std::array{EnumName{PromptStyle::film, "film"}, EnumName{PromptStyle::plain, "plain"}};
}

// prompt = <s> before_context {context} before_question {question} after_question; then answer_lead {answer}
// </s>. Without a context: <s> alone_before_question {question} after_question. A further turn of a conversation:
// next_before_question {question} after_question, then as before.
struct PromptTemplate {
  std::string before_context;         // ends with '\n'
  std::string before_question;        // begins with '\n'
  std::string alone_before_question;  // for general data that has no context
  std::string
      next_before_question;    // of the second turn and those behind it (inferred: the paper has one turn)
  std::string after_question;  // ends with '\n', or the answer_lead begins with a space
  std::string answer_lead;     // "" or " "
};

const PromptTemplate& prompt_template(PromptStyle style);

// What a user says in a chat about a context: the prompt without what a chat template puts around it. A chat template of
// Mistral's around the "film" message gives film's own prompt but for its last newline.
std::string user_message(PromptStyle style, const std::string& context, const std::string& question);

// Ids in front of the context, <s> included.
TokenIds encode_before_context(const PromptTemplate& form, const Tokenizer& tokenizer);
// Ids after the context up to where the answer begins. With has_context false the <s> is included.
TokenIds encode_question(const PromptTemplate& form, const Tokenizer& tokenizer, const std::string& question,
                         bool has_context = true);
// Ids from <s> to where the first answer of a conversation begins; `context` may be empty.
TokenIds encode_opening(const PromptTemplate& form, const Tokenizer& tokenizer, const std::string& context,
                        const std::string& question);
// Ids between the </s> of an answer and the next one.
TokenIds encode_next_question(const PromptTemplate& form, const Tokenizer& tokenizer,
                              const std::string& question);
// Ids of the answer and the end token: what loss is taken on.
TokenIds encode_answer(const PromptTemplate& form, const Tokenizer& tokenizer, const std::string& answer);

}  // namespace film::text
