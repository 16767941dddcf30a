#pragma once
// Options that are other names of settings: one table, from which binding, help and errors derive. A value goes the
// same way as --set, so that ranges, words and messages are those of the settings.
#include <map>
#include <string>
#include <vector>

#include "film/base/settings.h"

namespace CLI {
class App;
}

namespace film::cli {

struct SettingOption {
  const char* command;            // "synth"
  const char* names;              // "--context", "DATA,--data": a word without dashes is positional
  const char* value;              // "MIN:MAX", as help shows it
  std::vector<std::string> keys;  // of settings; several: the parts of the value between ':'
  bool many = false;              // may be given several times; the values add up
  const char* also = nullptr;     // what giving it means besides: "generator=endpoint"
  const char* help = nullptr;     // nullptr: as the setting says
  bool words = false;             // one name may be followed by several values: --predictions A B
  bool own = false;               // which of the keys it sets depends on other options: the command decides

  std::string name() const;        // the last of the names: "--data"
  std::string positional() const;  // the name without dashes: "DATA", or empty
};

const std::vector<SettingOption>& setting_options();

// What was given, by SettingOption::name(), and by positional().
using OptionWords = std::map<std::string, std::vector<std::string>>;

// All that was given for an option of `command`, with and without its name.
std::vector<std::string> given_words(const std::string& command, const std::string& name,
                                     const OptionWords& words);

// Adds the options of `command` to it; `fields`: its settings at their defaults, for the help.
void add_setting_options(CLI::App& app, const std::string& command, const Fields& fields, OptionWords& words);

// Gives the settings what the options said. Throws config_error.
void apply_options(Fields& fields, const std::string& command, const OptionWords& words);

// The option that sets `key` of a command, or empty.
std::string option_of(const std::string& command, const std::string& key);

}  // namespace film::cli
