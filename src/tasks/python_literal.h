#pragma once
// A value as Python writes it, in a text column of a data set: [{'question': 'It\'s ...', 'options': ["a", 'b']}].
#include <optional>
#include <string_view>

#include "film/base/json.h"

namespace film::tasks {

// Lists, tuples, dicts with texts as keys, strings without prefix, numbers, True, False and None; JSON is read too. Nothing
// for everything else.
std::optional<Json> python_literal(std::string_view text);

}  // namespace film::tasks
