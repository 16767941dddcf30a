#include "reply_json.h"

#include "film/base/loose_json.h"
#include "film/base/strings.h"
#include "reply_body.h"

namespace film::endpoint {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF", kData = "data:";

std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Blank lines and lines that begin with a colon keep a connection alive.
std::string_view without_keep_alive(std::string_view text) {
  while (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  while (!text.empty()) {
    std::string_view rest = text;
    const std::string_view line = trim(next_line(rest));
    if (!line.empty() && !line.starts_with(':')) break;
    text = rest;
  }
  return text;
}

bool is_stream(std::string_view text) {
  for (const std::string_view field :
       {kData, std::string_view("event:"), std::string_view("id:"), std::string_view("retry:")})
    if (text.starts_with(field)) return true;
  return false;
}

// The message that the deltas of a stream make.
class Joined {
 public:
  void add(const Json& chunk) {
    for (const char* key : {"id", "model", "usage", "error"})
      if (chunk.contains(key) && !chunk[key].is_null()) reply_[key] = chunk[key];
    if (!chunk.contains("choices") || !chunk["choices"].is_array()) return;
    for (const Json& choice : chunk["choices"])
      if (choice.is_object() && choice.value("index", Json(0)) == 0) add_choice(choice);
  }
  bool ended = false;  // by [DONE] or a finish_reason
  bool is_error() const { return reply_.contains("error"); }
  Json reply() && {
    if (!has_choice_) return std::move(reply_);
    for (const auto& [key, text] : texts_) message_[key] = text;
    choice_["message"] = std::move(message_);
    reply_["choices"] = Json::array({std::move(choice_)});
    return std::move(reply_);
  }

 private:
  void add_choice(const Json& choice) {
    has_choice_ = true;
    for (const char* holder : {"delta", "message"})
      if (choice.contains(holder) && choice[holder].is_object())
        for (const auto& [key, value] : choice[holder].items()) add_field(key, value);
    if (choice.contains("text") && choice["text"].is_string()) add_field("content", choice["text"]);
    for (const char* key : {"finish_reason", "stop_reason"}) {
      if (!choice.contains(key) || choice[key].is_null()) continue;
      choice_[key] = choice[key];
      ended = ended || std::string_view(key) == "finish_reason";
    }
  }
  void add_field(const std::string& key, const Json& value) {
    if (value.is_string() && key != "role")
      texts_[key] += value.get<std::string>();
    else if (value.is_array() && key == "content")
      texts_[key] += content_text(value);
  }
  Json reply_ = Json::object(), choice_ = Json::object(), message_ = Json::object();
  std::map<std::string, std::string> texts_;  // fields of the message: content, reasoning_content, refusal …
  bool has_choice_ = false;
};

ReplyJson read_stream(std::string_view text) {
  Joined joined;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (!line.starts_with(kData)) continue;
    const std::string_view data = trim(line.substr(kData.size()));
    if (data == "[DONE]") joined.ended = true;
    const std::optional<Json> chunk = parse_loose_json(data);
    if (chunk && chunk->is_object()) joined.add(*chunk);
  }
  if (!joined.ended && !joined.is_error()) return {{}, "a stream that ends before its last chunk"};
  return {std::move(joined).reply(), ""};
}

}  // namespace

ReplyJson reply_json(const std::string& body) {
  const std::string_view text = without_keep_alive(body);
  if (text.empty()) return {{}, "an empty body"};
  if (is_stream(text)) return read_stream(text);
  if (std::optional<Json> json = parse_loose_json(text)) return {std::move(json), ""};
  // The first object, with anything behind it.
  const std::string_view object = text.starts_with('{') ? json_object_at(text, 0) : std::string_view();
  if (!object.empty())
    if (std::optional<Json> json = parse_loose_json(object)) return {std::move(json), ""};
  return {{}, "no JSON: " + excerpt(body, 80)};
}

}  // namespace film::endpoint
