#pragma once
// Where a setting is that this command does not have.
#include <string>

namespace film::cli {

// What to do about the unknown setting `key` of `command`: the name that people expect and its name here, the command
// that has such a setting, or `near`, the suggestion of the settings themselves.
std::string where_to_find(const std::string& key, const std::string& command, const std::string& near);

}  // namespace film::cli
