#pragma once
#include <string>
#include <vector>

namespace film::cli {

// Short names of folders: the last part of each path, and where two of those are equal as many parts before it as tell
// them apart ("x/data", "y/data"). A folder named twice is numbered.
std::vector<std::string> distinct_names(const std::vector<std::string>& folders);

}  // namespace film::cli
