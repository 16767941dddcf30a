#include "film/base/output_folder.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"

namespace film {
namespace {

constexpr const char* kInput = "input.";

bool is_input(const std::string& key) { return key.starts_with(kInput); }

// "seed: 1 there, 2 now" for every key that differs, of the inputs or of the settings.
std::string differences(const Json& before, const Json& now, bool inputs) {
  std::string text;
  const auto compare = [&](const std::string& key) {
    const Json old = before.value(key, Json()), value = now.value(key, Json());
    if (old != value) text += "\n  " + key + ": " + to_line(old) + " there, " + to_line(value) + " now";
  };
  for (const auto& [key, value] : now.items()) compare(key);
  for (const auto& [key, value] : before.items())
    if (is_input(key) == inputs && !now.contains(key)) compare(key);
  return text;
}

fs::path settings_file(const fs::path& folder) { return folder / "settings.json"; }
fs::path manifest_file(const fs::path& folder) { return folder / "manifest.json"; }

void require_same(const fs::path& folder, const Json& record, const Json& now, bool inputs) {
  const std::string where = settings_file(folder).string();
  const std::string changed = differences(member<Json>(record, "result_settings", where), now, inputs);
  if (!changed.empty())
    throw config_error(folder.string() + " was made with other settings:" + changed,
                       "use the same settings to resume; to start anew another --out, or delete the folder");
}

void require_same_run(const fs::path& folder, const std::string& command, const Json& settings) {
  const Json record = read_json(settings_file(folder));
  const auto old_command = member<std::string>(record, "verb", settings_file(folder).string());
  if (old_command != command)
    throw config_error(folder.string() + " was made by film " + old_command + ", not film " + command,
                       "choose another --out");
  require_same(folder, record, settings, false);
}

}  // namespace

OutputFolder::OutputFolder(const OutputRequest& request)
    : path_(request.path), unbound_(request.unbound), lock_(request.path) {
  const Json settings = request.fields.result_settings();
  if (fs::exists(settings_file(path_)) && !holds_no_result()) {
    require_same_run(path_, request.command, settings);
    return;
  }
  const Json record = {{"film", request.program.build},           {"verb", request.command},
                       {"command", request.program.command_line}, {"settings", request.fields.record()},
                       {"sources", request.fields.sources()},     {"result_settings", settings}};
  write_file(settings_file(path_), to_pretty(record));
}

// Nothing but our own settings, lock, unfinished temporary, unbound and empty files: a run that failed before its first
// result (a mistyped path or a refused setting, say) binds nobody to its settings.
bool OutputFolder::holds_no_result() const {
  for (const auto& entry : fs::recursive_directory_iterator(path_)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name == "settings.json" || name == ".lock" || name.ends_with(".part");
    const bool binds = std::ranges::find(unbound_, name) == unbound_.end();
    if (!ours && binds && !entry.is_directory() && entry.file_size() > 0) return false;
  }
  return true;
}

void OutputFolder::bind_inputs(const Json& inputs) {
  Json named = Json::object();
  for (const auto& [key, value] : inputs.items()) named[kInput + key] = value;
  Json record = read_json(settings_file(path_));
  if (!holds_no_result()) {
    require_same(path_, record, named, true);
    return;
  }
  record["result_settings"].update(named);
  write_file(settings_file(path_), to_pretty(record));
}

bool OutputFolder::finished() const {
  const fs::path file = manifest_file(path_);
  if (!fs::exists(file)) return false;
  const std::string damage = Manifest::read(file).damage(false);
  if (!damage.empty()) warn(damage + ": doing the work again");
  return damage.empty();
}

Json OutputFolder::manifest() const { return read_json(manifest_file(path_)); }

void OutputFolder::finish(const std::vector<fs::path>& files, const Json& facts) {
  Manifest::write(path_, "manifest.json", files, facts);
}

void OutputFolder::finish_known(const std::vector<ManifestFile>& files, const Json& facts) {
  Manifest::write_known(path_, "manifest.json", files, facts);
}

}  // namespace film
