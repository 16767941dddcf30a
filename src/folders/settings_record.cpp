#include "settings_record.h"

namespace film::folders {

SettingsRecord SettingsRecord::read(const fs::path& folder) {
  const fs::path file = folder / "settings.json";
  const Json record = read_json(file);
  SettingsRecord read{member<std::string>(record, "verb", file.string()),
                      member<Json>(record, "settings", file.string())};
  if (!read.settings.is_object())
    throw bad_data(file.string() + ": key \"settings\" has the wrong type: " + to_line(read.settings));
  if (const auto bound = record.find("result_settings"); bound != record.end() && bound->is_object())
    read.bound = *bound;
  return read;
}

namespace {

std::string text_at(const Json& object, const std::string& key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

Json member_or_null(const Json& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() ? Json() : *found;
}

}  // namespace

std::string SettingsRecord::text(const char* key) const { return text_at(settings, key); }

std::string SettingsRecord::imported_file() const {
  return text_at(member_or_null(settings, "import"), "file");
}

std::string SettingsRecord::input(const std::string& name) const { return text_at(bound, "input." + name); }

std::map<std::string, std::string> SettingsRecord::inputs_of(const std::string& label) const {
  std::map<std::string, std::string> inputs;
  const std::string begin = "input." + label + ".";
  for (const auto& [key, value] : bound.items())
    if (key.starts_with(begin) && value.is_string())
      inputs[key.substr(begin.size())] = value.get<std::string>();
  return inputs;
}

std::map<std::string, std::string> SettingsRecord::input_manifests() const {
  std::map<std::string, std::string> inputs;
  for (const auto& [key, value] : bound.items())
    if (key.starts_with("input.") && key.ends_with("/manifest.json") && value.is_string())
      inputs[key.substr(6)] = value.get<std::string>();
  return inputs;
}

}  // namespace film::folders
