#include "reply_body.h"

#include <algorithm>
#include <charconv>

namespace film::endpoint {
namespace {

const Json& at(const Json& object, const char* key) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_integer() ? std::to_string(value.get<std::int64_t>()) : std::string();
}

int status_of(const std::string& code) {
  int status = 0;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), status);
  const bool whole = error == std::errc() && end == code.data() + code.size();
  return whole && status >= 100 && status <= 599 ? status : 0;
}

// content: a string, null, or a list of parts of which the text ones count.
std::string content_text(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  if (content.is_array())
    for (const Json& part : content) text += text_of(at(part, "text"));
  return text;
}

std::int64_t count(const Json& value) {
  if (!value.is_number_integer()) return -1;
  return std::clamp<std::int64_t>(value.get<std::int64_t>(), -1, 1'000'000'000);
}

Usage usage_of(const Json& body) {
  const std::int64_t prompt = count(at(body, "prompt_tokens")), answer = count(at(body, "completion_tokens"));
  if (prompt < 0 && answer < 0) return {};
  return {std::max<std::int64_t>(0, prompt), std::max<std::int64_t>(0, answer), true};
}

}  // namespace

std::string excerpt(const std::string& text, std::size_t most) {
  std::string line;
  for (const char c : text.substr(0, 4 * most)) {
    const bool space = static_cast<unsigned char>(c) < ' ' || c == ' ' || c == 0x7f;
    if (!space)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (line.size() <= most) return line;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
  return line.substr(0, end) + "…";
}

bool holds_error(const Json& body) { return !at(body, "error").is_null(); }

ServerError server_error(const std::string& body) {
  const auto json = try_parse_json(body);
  if (!json || !json->is_object()) return {0, {}, {}, excerpt(body)};
  const Json& inner = at(*json, "error");
  const Json& error = inner.is_object() ? inner : *json;
  ServerError result;
  result.code = text_of(at(error, "code"));
  result.type = text_of(at(error, "type"));
  for (const char* key : {"message", "error", "detail"})
    if (result.message.empty()) result.message = excerpt(text_of(at(error, key)));
  if (result.message.empty()) result.message = excerpt(body);
  result.status = std::max(status_of(result.code), status_of(text_of(at(error, "status"))));
  if (text_of(at(at(error, "innererror"), "code")) == "ResponsibleAIPolicyViolation")
    result.code = "content_filter";
  return result;
}

Completion completion(const Json& body) {
  Completion result;
  const Json& choices = at(body, "choices");
  result.model = text_of(at(body, "model"));
  result.usage = usage_of(at(body, "usage"));
  if (!choices.is_array() || choices.empty() || !at(choices[0], "message").is_object()) return result;
  const Json& message = at(choices[0], "message");
  result.has_choice = true;
  result.finish_reason = text_of(at(choices[0], "finish_reason"));
  result.text = content_text(at(message, "content"));
  result.refusal = text_of(at(message, "refusal"));
  return result;
}

}  // namespace film::endpoint
