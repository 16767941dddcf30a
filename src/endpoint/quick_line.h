#pragma once
// A line of the answer journal as film writes it, read without building its JSON.
#include <optional>
#include <string>

#include "film/endpoint/chat.h"

namespace film::endpoint {

// Nothing where it is not quite such a line: result_from_line() says then what is wrong. `line` gets room behind its end,
// which the parser reads.
std::optional<ChatResult> quick_result(std::string& line);

}  // namespace film::endpoint
