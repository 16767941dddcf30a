#pragma once
// The log of one of several processes that write to the same place.
#include <string_view>

namespace film {

// From now on errors alone, with a name in front: "rank 3: error: …".
void log_errors_as(std::string_view name);

}  // namespace film
