#include "request_text.h"

#include <algorithm>
#include <array>

#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/endpoint/raw_prompt.h"
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

std::string with_start(std::string prompt, const std::string& answer_start) {
  if (answer_start.empty()) return prompt;
  const bool parted = prompt.empty() || is_ascii_space(prompt.back());
  return std::move(prompt) + (parted ? "" : " ") + answer_start;
}

std::vector<endpoint::ChatMessage> messages_of(const std::string& question) {
  constexpr const char* kWhere = "a conversation";
  std::vector<endpoint::ChatMessage> messages;
  for (const Json& message : parse_json(question, kWhere))
    messages.push_back(
        {member<endpoint::Role>(message, "role", kWhere), member<std::string>(message, "content", kWhere)});
  return messages;
}

ChatRequest request_for(const std::string& context, const std::string& question, Form form,
                        const endpoint::EndpointSettings& settings, const std::string& answer_start) {
  ChatRequest request;
  const std::string message = context.empty() ? question : context + "\n\n" + question;
  const bool raw = settings.route == Route::completions;
  if (form == Form::messages) {
    if (raw && settings.raw_template == RawTemplate::none)
      throw config_error("a conversation is to be sent raw, without a template that parts its turns",
                         "--set endpoint.route=chat, or name the model's endpoint.template");
    request.messages = messages_of(question);
    return request;
  }
  if (raw && (form == Form::text || settings.raw_template == RawTemplate::none)) {
    request.raw = with_start(message, answer_start);
    return request;
  }
  refuse_second_template(message, settings);
  if (raw && settings.raw_template == RawTemplate::film)
    request.raw = with_start(in_film_template(context, question), answer_start);
  else if (raw && !answer_start.empty())
    request.raw = with_start(endpoint::raw_prompt(settings.raw_template, {{endpoint::Role::user, message}}),
                             answer_start);
  else
    request.messages = {{endpoint::Role::user, with_start(message, answer_start)}};
  return request;
}

}  // namespace film::answers
