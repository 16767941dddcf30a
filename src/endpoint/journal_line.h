#pragma once
// One line of the answer journal.
#include <optional>
#include <string>
#include <string_view>

#include "film/endpoint/chat.h"
#include "request_key.h"

namespace film::endpoint {

// What every line begins with, at fixed places: opening a journal of a million answers reads these
// and parses nothing.
struct LineHead {
  RequestKey key{};
  double cost = 0;
};
// Nothing when the line does not begin so.
std::optional<LineHead> read_head(std::string_view line);

Json journal_line(const LineHead& head, const ChatResult& result, const std::string& prompt_version);
// Throws bad_data, naming the line by `where`.
ChatResult result_from_line(std::string_view line, const std::string& where);

}  // namespace film::endpoint
