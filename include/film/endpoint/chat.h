#pragma once
// What goes to an endpoint and what comes back.
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/json.h"

namespace film::endpoint {

struct ChatMessage {
  std::string role;  // "system", "user" or "assistant"
  std::string text;  // UTF-8; other bytes are sent as U+FFFD
};

struct ChatRequest {
  std::string id;  // the caller's name for it; comes back with the result
  std::vector<ChatMessage> messages;
  int max_tokens = 0;           // of the answer; 0 = as the settings say
  std::string prompt_version;   // hash of the prompt's file: part of the journal's key
  Json extra = Json::object();  // further fields of the body, e.g. response_format
};

// Tokens as the server counted them. reported is false when it did not say.
struct Usage {
  std::int64_t prompt = 0;
  std::int64_t completion = 0;
  bool reported = false;
};

// ok: text is the answer. rejected: final for this request (refused by the server or by its filter, cut off,
// empty). failed: nothing was paid for, as far as known; running again asks again.
enum class ChatOutcome { ok, rejected, failed };

struct ChatResult {
  std::string id;
  ChatOutcome outcome = ChatOutcome::failed;
  std::string text;    // the answer; what there is of it for reason "length"
  std::string reason;  // one word for counting, empty for ok: docs/formats.md lists them
  std::string detail;  // for people: what the server said
  std::string model;   // the model that answered, as it names itself
  Usage usage;
  int attempts = 0;    // requests sent for it
  int unknown = 0;     // of these: sent, but no whole reply came, so perhaps paid for
  double seconds = 0;  // from the first attempt to the result
  bool from_journal = false;
};

std::string to_text(ChatOutcome outcome);

}  // namespace film::endpoint
