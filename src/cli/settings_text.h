#pragma once
// Settings shown to people and programs: with value, meaning, option and origin.
#include <string>
#include <vector>

#include "film/base/settings.h"

namespace film::cli {

struct ShownSetting {
  std::string command, key, help, option,
      source;  // option: "--lr", or empty; source: empty of members of lists
  Json value;
};

// All of them, or those that are `key`, below it or, where it names a list, members of its elements ("stages.N.batch").
std::vector<ShownSetting> settings_below(const Fields& fields, const std::string& command,
                                         const std::string& key);

// Those whose name or meaning holds `word`, whatever its case; members of lists too.
std::vector<ShownSetting> settings_about(const Fields& fields, const std::string& command,
                                         const std::string& word);

std::string settings_text(const std::vector<ShownSetting>& settings);
Json settings_json(const std::vector<ShownSetting>& settings);

// A settings file that holds the values of `fields`, each below a comment with its meaning.
std::string settings_with_comments(const Fields& fields);

}  // namespace film::cli
