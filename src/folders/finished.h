#pragma once
// Private to the module: folders that a command has finished.
#include "film/base/error.h"
#include "film/base/manifest.h"

namespace film::folders {

// The manifest of a finished folder. Throws no_input without one; `what` is what it would hold, `command` writes it.
inline Manifest finished_manifest(const fs::path& folder, const std::string& what,
                                  const std::string& command) {
  const fs::path file = folder / "manifest.json";
  if (!fs::exists(file))
    throw no_input(folder.string() + " holds no finished " + what + " (no manifest.json)",
                   "run " + command + " first");
  return Manifest::read(file);
}

}  // namespace film::folders
