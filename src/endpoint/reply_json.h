#pragma once
// The JSON in a reply's body, whatever stands around it. A reply was paid for: nothing that can be read is thrown away.
#include <optional>
#include <string>
#include <string_view>

#include "film/base/json.h"

namespace film::endpoint {

// Reads one JSON value behind a byte order mark, blank lines and comments of an event stream (keep-alive), with faults
// that parse_loose_json() mends and anything behind it; or an event stream of chat.completion.chunk objects, whose deltas
// are joined to the message that the same server sends with "stream": false. Nothing, and why, for anything else; also for
// a stream that ends before its last chunk.
struct ReplyJson {
  std::optional<Json> json;
  std::string problem;  // "an empty body", "a stream that ends early", "no JSON: …"
};
ReplyJson reply_json(const std::string& body);

}  // namespace film::endpoint
