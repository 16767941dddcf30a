#pragma once
// A prompt as one text: what the encoded parts of a template must add up to.
#include <string>

#include "film/text/prompt_template.h"

namespace film::support {

// Without <s>; without a context where that is empty.
inline std::string prompt_text(const text::PromptTemplate& form, const std::string& context,
                               const std::string& question) {
  const std::string front =
      context.empty() ? form.alone_before_question : form.before_context + context + form.before_question;
  return front + question + form.after_question;
}

}  // namespace film::support
