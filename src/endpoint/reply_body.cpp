#include "reply_body.h"

#include <algorithm>

#include "film/base/as_number.h"
#include "film/base/strings.h"
#include "json_member.h"
#include "reply_json.h"

namespace film::endpoint {
namespace {

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_integer() ? std::to_string(value.get<std::int64_t>()) : std::string();
}

int status_of(const std::string& code) {
  const int status = as_number<int>(code).value_or(0);
  return status >= 100 && status <= 599 ? status : 0;
}

bool is_reasoning(const Json& part) {
  const std::string type = to_lower_ascii(text_of(member_of(part, "type")));
  return type.find("think") != std::string::npos || type.find("reason") != std::string::npos;
}

// Bytes of every string in a value.
std::size_t text_bytes(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().size();
  std::size_t bytes = 0;
  if (value.is_structured())
    for (const Json& inner : value) bytes += text_bytes(inner);
  return bytes;
}

std::size_t reasoning_bytes(const Json& message) {
  std::size_t bytes = 0;
  for (const char* key :
       {"reasoning_content", "reasoning", "thinking", "reasoning_details", "thinking_blocks"})
    bytes = std::max(bytes, text_bytes(member_of(message, key)));
  if (member_of(message, "content").is_array())
    for (const Json& part : member_of(message, "content"))
      if (is_reasoning(part)) bytes += text_bytes(part);
  return bytes;
}

Finish finish_of(const Json& choice) {
  for (const char* key : {"finish_reason", "stop_reason", "native_finish_reason"}) {
    const std::string word = to_lower_ascii(text_of(member_of(choice, key)));
    if (word.empty()) continue;
    for (const char* cut : {"length", "max", "limit", "incomplete", "truncat", "window"})
      if (word.find(cut) != std::string::npos) return Finish::cut;
    for (const char* filter :
         {"filter", "safety", "blocklist", "prohibited", "recitation", "spii", "moderation"})
      if (word.find(filter) != std::string::npos) return Finish::filtered;
    return Finish::ended;
  }
  return Finish::unknown;
}

std::int64_t count(const Json& value) {
  if (!value.is_number_integer()) return -1;
  return std::clamp<std::int64_t>(value.get<std::int64_t>(), -1, 1'000'000'000);
}

Usage usage_of(const Json& body) {
  const std::int64_t prompt = count(member_of(body, "prompt_tokens")),
                     answer = count(member_of(body, "completion_tokens"));
  if (prompt < 0 && answer < 0) return {};
  return {std::max<std::int64_t>(0, prompt), std::max<std::int64_t>(0, answer), true};
}

}  // namespace

std::string content_text(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  if (content.is_array())
    for (const Json& part : content) {
      if (part.is_string()) text += part.get<std::string>();
      if (part.is_object() && !is_reasoning(part)) text += text_of(member_of(part, "text"));
    }
  return text;
}

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

bool holds_error(const Json& body) { return !member_of(body, "error").is_null(); }

ServerError server_error(const std::string& body) {
  const auto json = reply_json(body).json;
  if (!json || !json->is_object()) return {0, {}, {}, excerpt(body)};
  const Json& inner = member_of(*json, "error");
  const Json& error = inner.is_object() ? inner : *json;
  ServerError result;
  result.code = text_of(member_of(error, "code"));
  result.type = text_of(member_of(error, "type"));
  for (const char* key : {"message", "error", "detail"})
    if (result.message.empty()) result.message = excerpt(text_of(member_of(error, key)));
  if (result.message.empty()) result.message = excerpt(body);
  result.status = std::max(status_of(result.code), status_of(text_of(member_of(error, "status"))));
  if (text_of(member_of(member_of(error, "innererror"), "code")) == "ResponsibleAIPolicyViolation")
    result.code = "content_filter";
  return result;
}

Completion completion(const Json& body) {
  Completion result;
  const Json& choices = member_of(body, "choices");
  result.model = text_of(member_of(body, "model"));
  result.usage = usage_of(member_of(body, "usage"));
  if (!choices.is_array() || choices.empty()) return result;
  const Json& choice = choices[0];
  const Json& message = member_of(choice, "message");
  if (!message.is_object() && !member_of(choice, "text").is_string()) return result;
  result.has_choice = true;
  result.finish = finish_of(choice);
  result.text =
      message.is_object() ? content_text(member_of(message, "content")) : text_of(member_of(choice, "text"));
  result.reasoning = reasoning_bytes(message);
  result.logprobs = member_of(choice, "logprobs");
  result.refusal = text_of(member_of(message, "refusal"));
  return result;
}

}  // namespace film::endpoint
