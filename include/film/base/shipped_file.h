#pragma once
// Files that come with film: prompts, rubrics.
#include <string>

#include "film/base/files.h"

namespace film {

// Looked for here, beside the program and in the folders above it. Throws no_input.
fs::path shipped_file(const std::string& name);

}  // namespace film
