#include "request_body.h"

namespace film::endpoint {

int max_tokens(const EndpointSettings& settings, const ChatRequest& request) {
  return request.max_tokens > 0 ? request.max_tokens : settings.max_tokens;
}

std::string request_body(const EndpointSettings& settings, const ChatRequest& request) {
  Json messages = Json::array();
  for (const ChatMessage& message : request.messages)
    messages.push_back({{"role", name_of(message.role)}, {"content", message.text}});
  Json body = {{"model", settings.model}, {"messages", std::move(messages)}};
  if (settings.temperature >= 0) body["temperature"] = settings.temperature;
  if (const int most = max_tokens(settings, request); most > 0)
    body[std::string(name_of(settings.max_tokens_field))] = most;
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
