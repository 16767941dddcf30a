#pragma once
// Private to the module: the settings.json of an output folder.
#include <string>

#include "film/base/files.h"
#include "film/base/json.h"

namespace film::folders {

struct SettingsRecord {
  std::string command;  // "synth", "qa", "train", "eval"
  Json settings;        // nested, as resolved

  // Throws no_input (no such file) and bad_data naming file and key.
  static SettingsRecord read(const fs::path& folder);
  // A setting at the root; "" if it is not there or not a string.
  std::string text(const char* key) const;
};

}  // namespace film::folders
