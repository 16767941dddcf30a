#include "film/text/prompt_template.h"

#include <array>

#include "film/base/error.h"

namespace film::text {
namespace {

const std::array<PromptTemplate, 2>& all_templates() {
  static const std::array<PromptTemplate, 2> templates = {{
      {.name = "film",
       .before_context =
           "[INST] Below is a context and an instruction. Based on the information provided in the "
           "context, write a response for the instruction.\n\n### Context:\n",
       .before_question = "\n\n### Instruction:\n",
       .alone_before_question =
           "[INST] Below is a user instruction. Write a response for the instruction.\n\n"
           "### Instruction:\n",
       .after_question = " [/INST]\n",
       .answer_lead = ""},
      {.name = "plain",
       .before_context = "Context:\n",
       .before_question = "\n\nQuestion: ",
       .alone_before_question = "Question: ",
       .after_question = "\nAnswer:",
       .answer_lead = " "},
  }};
  return templates;
}

TokenIds after_bos(const Tokenizer& tokenizer, const std::string& text) {
  TokenIds ids = tokenizer.encode(text);
  ids.insert(ids.begin(), tokenizer.bos());
  return ids;
}

}  // namespace

const PromptTemplate& prompt_template(const std::string& name) {
  std::string known;
  for (const PromptTemplate& form : all_templates()) {
    if (form.name == name) return form;
    known += (known.empty() ? "" : ", ") + form.name;
  }
  throw config_error("no prompt template is called '" + name + "'", "use one of: " + known);
}

std::vector<std::string> prompt_template_names() {
  std::vector<std::string> names;
  for (const PromptTemplate& form : all_templates()) names.push_back(form.name);
  return names;
}

TokenIds encode_before_context(const PromptTemplate& form, const Tokenizer& tokenizer) {
  return after_bos(tokenizer, form.before_context);
}

TokenIds encode_question(const PromptTemplate& form, const Tokenizer& tokenizer, const std::string& question,
                         bool has_context) {
  if (!has_context) return after_bos(tokenizer, form.alone_before_question + question + form.after_question);
  return tokenizer.encode_continuation(form.before_question + question + form.after_question);
}

TokenIds encode_answer(const PromptTemplate& form, const Tokenizer& tokenizer, const std::string& answer) {
  TokenIds ids = tokenizer.encode_continuation(form.answer_lead + answer);
  ids.push_back(tokenizer.eos());
  return ids;
}

std::string prompt_text(const PromptTemplate& form, const std::string& context, const std::string& question) {
  const std::string front =
      context.empty() ? form.alone_before_question : form.before_context + context + form.before_question;
  return front + question + form.after_question;
}

}  // namespace film::text
