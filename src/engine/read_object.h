#pragma once
// A JSON file of a model folder.
#include "film/base/files.h"
#include "film/base/json.h"

namespace film::engine {

// Throws no_input; bad_data for what is no JSON object, with a word on git-lfs pointers.
Json read_object(const fs::path& file);

}  // namespace film::engine
