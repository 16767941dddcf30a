#pragma once
// What is sent to a chat endpoint and what comes back.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/json.h"

namespace film::endpoint {

enum class Role { system, user, assistant };
constexpr auto enum_names(Role) {
  return std::to_array<EnumName<Role>>(
      {{Role::system, "system"}, {Role::user, "user"}, {Role::assistant, "assistant"}});
}

struct ChatMessage {
  Role role = Role::user;
  std::string text;  // UTF-8; other bytes are sent as U+FFFD
};

struct ChatRequest {
  std::string id;  // chosen by the caller; comes back with the result
  std::vector<ChatMessage> messages;
  int max_tokens = 0;           // longest answer in tokens; 0 = EndpointSettings::max_tokens
  std::string prompt_version;   // hash of the prompt file: part of the request's key in the journal
  Json extra = Json::object();  // more fields of the request body, e.g. response_format
  std::optional<std::string> raw =
      {};                       // route completions: the whole prompt, in place of messages and template
  bool cut_on_purpose = false;  // the answer is not what is wanted: where it was cut off does not matter
};

// Token counts as the server reported them. reported is false when it did not.
struct Usage {
  std::int64_t prompt = 0;
  std::int64_t completion = 0;
  bool reported = false;
};

// ok: text is the answer. rejected: final for this request (refused, filtered, cut off or empty). failed: not
// paid for, as far as known; another run asks again.
enum class ChatOutcome { ok, rejected, failed };
constexpr auto enum_names(ChatOutcome) {
  return std::to_array<EnumName<ChatOutcome>>(
      {{ChatOutcome::ok, "ok"}, {ChatOutcome::rejected, "rejected"}, {ChatOutcome::failed, "failed"}});
}

// Why a request has no answer; the names are words of journals and reports.
enum class Reason {
  none,  // it has one
  // The reply itself, paid for.
  length,          // cut off at max_tokens
  empty,           // no text
  thinking,        // reasoning, and no answer behind it
  refusal,         // the model declined
  content_filter,  // the server's filter stopped the prompt or the answer
  // The server does not accept the request.
  too_long,
  bad_request,
  // The server cannot serve the request now.
  rate_limited,
  overloaded,
  server_error,
  conflict,
  timeout,
  unreachable,
  reset,
  proxy,
  too_big,
  bad_body,
  // The server will not serve it: settings, key or account.
  denied,
  quota,
  untrusted,
  redirect,
  no_model,
  no_such_address,
  wrong_schema,
};
constexpr auto enum_names(Reason) {
  return std::to_array<EnumName<Reason>>({{Reason::none, ""},
                                          {Reason::length, "length"},
                                          {Reason::empty, "empty"},
                                          {Reason::thinking, "reasoning_only"},
                                          {Reason::refusal, "refusal"},
                                          {Reason::content_filter, "content_filter"},
                                          {Reason::too_long, "too_long"},
                                          {Reason::bad_request, "bad_request"},
                                          {Reason::rate_limited, "rate_limited"},
                                          {Reason::overloaded, "overloaded"},
                                          {Reason::server_error, "server_error"},
                                          {Reason::conflict, "conflict"},
                                          {Reason::timeout, "timeout"},
                                          {Reason::unreachable, "unreachable"},
                                          {Reason::reset, "reset"},
                                          {Reason::proxy, "proxy"},
                                          {Reason::too_big, "too_big"},
                                          {Reason::bad_body, "bad_body"},
                                          {Reason::denied, "denied"},
                                          {Reason::quota, "quota"},
                                          {Reason::untrusted, "untrusted"},
                                          {Reason::redirect, "redirect"},
                                          {Reason::no_model, "no_model"},
                                          {Reason::no_such_address, "no_such_address"},
                                          {Reason::wrong_schema, "wrong_schema"}});
}

struct ChatResult {
  std::string id;
  ChatOutcome outcome = ChatOutcome::failed;
  // What the model wrote, its thinking included (base/thinking.h); as far as it goes for Reason::length.
  std::string text;
  Reason reason = Reason::none;  // none when ok
  std::string detail;            // for people: what the server said
  std::string model;             // the model that answered, by the server's name for it
  Usage usage;
  Json logprobs = {};  // of the choice, as the server sent them; null where it did not
  int attempts = 0;    // requests sent for it
  int unknown = 0;     // of these: sent without a complete reply, so possibly paid for
  double seconds = 0;  // from the first attempt to the result
  bool from_journal = false;
};

}  // namespace film::endpoint
