#pragma once
// The bodies that servers send: chat completions, and errors in several shapes.
#include <optional>
#include <string>

#include "film/base/json.h"
#include "film/endpoint/chat.h"

namespace film::endpoint {

struct ServerError {
  int status = 0;          // as the body says it, 0 if it does not
  std::string code, type;  // "rate_limit_exceeded", "insufficient_quota", ...
  std::string message;     // at most 300 bytes
  bool is(const char* word) const { return code == word || type == word; }
  bool is_content_filter() const { return is("content_filter") || is("content_policy_violation"); }
};

// The error in a body: {"error":{…}}, {"error":"…"}, {"message":…}, {"detail":…}; the text itself if it is not JSON.
ServerError server_error(const std::string& body);
// True for JSON with a non-null "error": some gateways send that with status 200.
bool holds_error(const Json& body);

// Why a model stopped, under any name that servers give it ("length", "max_tokens", "MAX_TOKENS", "end_turn" …).
enum class Finish { unknown, ended, cut, filtered };

// The first choice of a chat completion, or of a text completion.
struct Completion {
  std::string text, refusal, model;
  Finish finish = Finish::unknown;
  std::size_t reasoning =
      0;  // bytes of it that came beside the text: reasoning_content, parts of type thinking
  bool has_choice = false;  // false: the JSON is of another kind
  Usage usage;
  Json logprobs;  // as they are sent; null: none
};
Completion completion(const Json& body);

// The text of a message's content: a string, or a list of strings and parts of which those with text for the reader count.
std::string content_text(const Json& content);

// At most `most` bytes on one line, cut at a character.
std::string excerpt(const std::string& text, std::size_t most = 300);

}  // namespace film::endpoint
