#pragma once
// Private to the module: the settings.json of an output folder.
#include <map>
#include <string>

#include "film/base/files.h"
#include "film/base/json.h"

namespace film::folders {

struct SettingsRecord {
  std::string command;          // "synth", "qa", "train", "eval"
  Json settings;                // nested, as resolved
  Json bound = Json::object();  // result_settings: flat, inputs by hash among them

  // Throws no_input (no such file) and bad_data naming file and key.
  static SettingsRecord read(const fs::path& folder);
  // A setting at the root; "" if it is not there or not a string.
  std::string text(const char* key) const;
  std::string imported_file() const;  // of film qa --import

  // SHA-256 of an input, "" if it is not known: "tokenizer".
  std::string input(const std::string& name) const;
  // Inputs that begin with LABEL and a dot, without these: files of a model.
  std::map<std::string, std::string> inputs_of(const std::string& label) const;
  // Those that are manifests of other folders, by path.
  std::map<std::string, std::string> input_manifests() const;
};

}  // namespace film::folders
