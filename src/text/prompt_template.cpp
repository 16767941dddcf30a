#include "film/text/prompt_template.h"

namespace film::text {
namespace {

const PromptTemplate kFilm = {
    .before_context =
        "[INST] Below is a context and an instruction. Based on the information provided in the "
        "context, write a response for the instruction.\n\n### Context:\n",
    .before_question = "\n\n### Instruction:\n",
    .alone_before_question =
        "[INST] Below is a user instruction. Write a response for the instruction.\n\n"
        "### Instruction:\n",
    .next_before_question = "[INST] ",
    .after_question = " [/INST]\n",
    .answer_lead = ""};

const PromptTemplate kPlain = {.before_context = "Context:\n",
                               .before_question = "\n\nQuestion: ",
                               .alone_before_question = "Question: ",
                               .next_before_question = "Question: ",
                               .after_question = "\nAnswer:",
                               .answer_lead = " "};

TokenIds after_bos(const Tokenizer& tokenizer, const std::string& text) {
  TokenIds ids = tokenizer.encode(text);
  ids.insert(ids.begin(), tokenizer.bos());
  return ids;
}

}  // namespace

const PromptTemplate& prompt_template(PromptStyle style) {
  return style == PromptStyle::film ? kFilm : kPlain;
}

std::string user_message(PromptStyle style, const std::string& context, const std::string& question) {
  constexpr std::string_view kInstruction = "[INST] ";
  const PromptTemplate& form = prompt_template(style);
  const std::string_view before = form.before_context;
  return std::string(before.starts_with(kInstruction) ? before.substr(kInstruction.size()) : before) +
         context + form.before_question + question;
}

TokenIds encode_before_context(const PromptTemplate& form, const Tokenizer& tokenizer) {
  return after_bos(tokenizer, form.before_context);
}

TokenIds encode_question(const PromptTemplate& form, const Tokenizer& tokenizer, const std::string& question,
                         bool has_context) {
  if (!has_context) return after_bos(tokenizer, form.alone_before_question + question + form.after_question);
  return tokenizer.encode_continuation(form.before_question + question + form.after_question);
}

TokenIds encode_opening(const PromptTemplate& form, const Tokenizer& tokenizer, const std::string& context,
                        const std::string& question) {
  if (context.empty()) return encode_question(form, tokenizer, question, false);
  TokenIds ids = encode_before_context(form, tokenizer);
  for (const TokenIds& part :
       {tokenizer.encode_continuation(context), encode_question(form, tokenizer, question)})
    ids.insert(ids.end(), part.begin(), part.end());
  return ids;
}

TokenIds encode_next_question(const PromptTemplate& form, const Tokenizer& tokenizer,
                              const std::string& question) {
  return tokenizer.encode(form.next_before_question + question + form.after_question);
}

TokenIds encode_answer(const PromptTemplate& form, const Tokenizer& tokenizer, const std::string& answer) {
  TokenIds ids = tokenizer.encode_continuation(form.answer_lead + answer);
  ids.push_back(tokenizer.eos());
  return ids;
}

}  // namespace film::text
