#include "request_text.h"

#include <algorithm>
#include <array>

#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/text/prompt_template.h"

namespace film::answers {

using endpoint::ChatRequest;
using endpoint::RawTemplate;
using endpoint::Route;

namespace {

// Texts of chat templates begin with one of these.
constexpr std::array<std::string_view, 8> kMarks = {"<s>",
                                                    "[INST]",
                                                    "<bos>",
                                                    "<|im_start|>",
                                                    "<|begin_of_text|>",
                                                    "<|start_header_id|>",
                                                    "<start_of_turn>",
                                                    "<|user|>"};

void refuse_second_template(const std::string& text, const endpoint::EndpointSettings& settings) {
  const std::string_view begin = trim(text);
  const auto* mark =
      std::find_if(kMarks.begin(), kMarks.end(), [&](auto each) { return begin.starts_with(each); });
  if (mark == kMarks.end()) return;
  throw config_error(
      "a prompt begins with " + std::string(*mark) + ", a chat template, and would get a second one",
      settings.route == Route::chat
          ? "--set endpoint.route=completions sends it as it is"
          : "set \"wrap\": \"none\" in the task file, or --set endpoint.template=none");
}

std::string in_film_template(const std::string& context, const std::string& question) {
  const text::PromptTemplate& form = text::prompt_template(text::PromptStyle::film);
  if (context.empty()) return form.alone_before_question + question + form.after_question;
  return form.before_context + context + form.before_question + question + form.after_question;
}

}  // namespace

std::string text_of(const Context& context, const std::optional<text::Tokenizer>& tokenizer) {
  if (!context.text.empty() || context.ids.empty()) return context.text;
  if (!tokenizer)
    throw internal_error("a context of token ids for an endpoint, without the tokenizer that decodes it");
  return tokenizer->decode(context.ids);
}

ChatRequest request_for(const std::string& context, const std::string& question, Form form,
                        const endpoint::EndpointSettings& settings) {
  ChatRequest request;
  const std::string message = context.empty() ? question : context + "\n\n" + question;
  const bool raw = settings.route == Route::completions;
  if (raw && (form == Form::text || settings.raw_template == RawTemplate::none)) {
    request.raw = message;
    return request;
  }
  refuse_second_template(message, settings);
  if (raw && settings.raw_template == RawTemplate::film)
    request.raw = in_film_template(context, question);
  else
    request.messages = {{endpoint::Role::user, message}};
  return request;
}

}  // namespace film::answers
