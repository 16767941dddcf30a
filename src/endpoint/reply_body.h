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

// The first choice of a chat completion.
struct Completion {
  std::string text, refusal, finish_reason, model;
  bool has_choice = false;  // false: the JSON is of another kind
  Usage usage;
};
Completion completion(const Json& body);

// At most `most` bytes on one line, cut at a character.
std::string excerpt(const std::string& text, std::size_t most = 300);

}  // namespace film::endpoint
