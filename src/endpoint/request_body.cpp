#include "dispatcher.h"

namespace film::endpoint {

std::string request_body(const EndpointSettings& settings, const ChatRequest& request) {
  Json messages = Json::array();
  for (const ChatMessage& message : request.messages)
    messages.push_back({{"role", message.role}, {"content", message.text}});
  Json body = {{"model", settings.model}, {"messages", std::move(messages)}};
  if (settings.temperature >= 0) body["temperature"] = settings.temperature;
  const int max_tokens = request.max_tokens > 0 ? request.max_tokens : settings.max_tokens;
  if (max_tokens > 0) body[settings.max_tokens_field] = max_tokens;
  if (settings.seed >= 0) body["seed"] = settings.seed;
  // The request's own fields first, then the user's word.
  for (const Json& more : {request.extra, settings.extra_body})
    for (const auto& [key, value] : more.items()) body[key] = value;
  return to_line(body);
}

}  // namespace film::endpoint
