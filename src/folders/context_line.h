#pragma once
// Private to the module: a line of contexts/part-*.jsonl as film writes it, read without building its JSON.
#include <optional>
#include <string>

#include "film/records/records.h"

namespace film::folders {

// Nothing where it is not quite such a line: from_json<Context>() says then what is wrong. `line` gets room behind its end,
// which the parser reads.
std::optional<Context> quick_context(std::string& line);

}  // namespace film::folders
