#include "request_body.h"

#include "film/endpoint/raw_prompt.h"

namespace film::endpoint {

int max_tokens(const EndpointSettings& settings, const ChatRequest& request) {
  const int most = request.max_tokens > 0 ? request.max_tokens : settings.max_tokens;
  return most > 0 ? most + settings.reasoning_tokens : 0;
}

namespace {

Json messages_of(const ChatRequest& request) {
  Json messages = Json::array();
  for (const ChatMessage& message : request.messages)
    messages.push_back({{"role", name_of(message.role)}, {"content", message.text}});
  return messages;
}

}  // namespace

std::string request_body(const EndpointSettings& settings, const ChatRequest& request) {
  Json body = {{"model", settings.model}};
  if (settings.route == Route::completions)
    body["prompt"] = request.raw ? *request.raw : raw_prompt(settings.raw_template, request.messages);
  else
    body["messages"] = messages_of(request);
  if (settings.temperature >= 0) body["temperature"] = settings.temperature;
  if (const int most = max_tokens(settings, request); most > 0)
    body[std::string(name_of(settings.max_tokens_field))] = most;
  if (settings.top_p >= 0) body["top_p"] = settings.top_p;
  if (settings.reasoning == Reasoning::off) body["chat_template_kwargs"] = {{"enable_thinking", false}};
  if (settings.seed >= 0) body["seed"] = settings.seed;
  // The request's own fields first: those of the settings have the last word.
  for (const Json* more : {&request.extra, &settings.extra_body})
    for (const auto& [key, value] : more->items()) body[key] = value;
  return to_line(body);
}

std::string with_stream_field(std::string body, const EndpointSettings& settings) {
  if (settings.extra_body.contains("stream")) return body;
  body.pop_back();
  return body + ",\"stream\":false}";
}

}  // namespace film::endpoint
