#include "settings_record.h"

namespace film::folders {

SettingsRecord SettingsRecord::read(const fs::path& folder) {
  const fs::path file = folder / "settings.json";
  const Json record = read_json(file);
  SettingsRecord read{member<std::string>(record, "verb", file.string()),
                      member<Json>(record, "settings", file.string())};
  if (!read.settings.is_object())
    throw bad_data(file.string() + ": key \"settings\" has the wrong type: " + to_line(read.settings));
  return read;
}

std::string SettingsRecord::text(const char* key) const {
  const auto found = settings.find(key);
  return found != settings.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace film::folders
