#pragma once
// What this build is.
#include <string>

#include "film/base/json.h"

namespace film::cli {

std::string version_text();  // for `film --version`
Json build_json();           // the same, for settings.json and `film doctor --json`

}  // namespace film::cli
