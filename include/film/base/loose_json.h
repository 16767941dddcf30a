#pragma once
// JSON that a program or a language model has written carelessly. What the user owns (settings, corpora) is never read
// this way.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "film/base/json.h"

namespace film {

// The object that begins at text[begin] == '{', up to its closing brace; empty if it never closes.
std::string_view json_object_at(std::string_view text, std::size_t begin);

// Mends what is commonly wrong, where strict parsing fails: line breaks and other control characters inside strings,
// backslashes that begin no escape or one that is most likely a command (\alpha, \d, \frac), commas before a closing
// bracket, NaN and Infinity (null), bytes that are not UTF-8 (U+FFFD), a key that stands twice (the last counts).
// Nothing if it is not JSON all the same. Nesting is bounded as in parse_json().
std::optional<Json> parse_loose_json(std::string_view text);

}  // namespace film
