#include "film/base/output_folder.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"

namespace film {
namespace {

constexpr const char* kInput = "input.";

bool is_input(const std::string& key) { return key.starts_with(kInput); }

// "\n  seed: 1 there, 2 now"; of lists and groups of the same shape only the members that differ.
std::string difference(const std::string& key, const Json& before, const Json& now) {
  if (before == now) return {};
  const bool same_list = before.is_array() && now.is_array() && before.size() == now.size();
  const bool groups = before.is_object() && now.is_object();
  if (!same_list && !groups)
    return "\n  " + key + ": " + to_line(before) + " there, " + to_line(now) + " now";
  std::string text;
  if (same_list)
    for (std::size_t i = 0; i < now.size(); ++i)
      text += difference(key + "." + std::to_string(i), before[i], now[i]);
  else
    for (const auto& [name, value] : now.items())
      text += difference(key + "." + name, before.value(name, Json()), value);
  return text;
}

// Of every key that differs, of the inputs or of the settings.
std::string differences(const Json& before, const Json& now, bool inputs) {
  std::string text;
  const auto compare = [&](const std::string& key) {
    text += difference(key, before.value(key, Json()), now.value(key, Json()));
  };
  for (const auto& [key, value] : now.items()) compare(key);
  for (const auto& [key, value] : before.items())
    if (is_input(key) == inputs && !now.contains(key)) compare(key);
  return text;
}

fs::path settings_file(const fs::path& folder) { return folder / "settings.json"; }
fs::path manifest_file(const fs::path& folder) { return folder / "manifest.json"; }

// How the settings or inputs in settings.json differ from those of now; empty: they do not.
std::string changes(const fs::path& folder, const Json& record, const Json& now, bool inputs) {
  return differences(member<Json>(record, "result_settings", settings_file(folder).string()), now, inputs);
}

Error other_settings(const fs::path& folder, const std::string& changed) {
  return config_error(folder.string() + " was made with other settings:" + changed,
                      "use the same settings to resume; to start anew another --out, or delete the folder");
}

void require_same_command(const fs::path& folder, const Json& record, const std::string& command) {
  const auto old_command = member<std::string>(record, "verb", settings_file(folder).string());
  if (old_command != command)
    throw config_error(folder.string() + " was made by film " + old_command + ", not film " + command,
                       "choose another --out");
}

}  // namespace

std::string settings_differences(const Json& there, const Json& now) {
  std::string text;
  for (const auto& [key, value] : now.items()) text += difference(key, there.value(key, Json()), value);
  for (const auto& [key, value] : there.items())
    if (!now.contains(key)) text += difference(key, value, Json());
  return text;
}

namespace {

// A setting that there was not yet when the folder was made, and that nobody has set since, is no difference.
Json without_new_defaults(Json now, const Json& record, const Fields& fields) {
  const Json there = record.value("result_settings", Json::object());
  for (const auto& [key, source] : fields.sources())
    if (source == "default" && now.contains(key) && !there.contains(key)) now.erase(key);
  return now;
}

}  // namespace

OutputFolder::OutputFolder(const OutputRequest& request)
    : path_(request.path), unbound_(request.unbound), lock_(request.path), replaceable_(request.replaceable) {
  const Json settings = request.fields.result_settings();
  if (fs::exists(settings_file(path_)) && !holds_no_result()) {
    const Json record = read_json(settings_file(path_));
    require_same_command(path_, record, request.command);
    const std::string changed =
        changes(path_, record, without_new_defaults(settings, record, request.fields), false);
    if (changed.empty()) return;
    replace_results(changed);
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
    const std::string place = entry.path().lexically_relative(path_).generic_string();
    const bool ours = name == "settings.json" || name == ".lock" || name.ends_with(".part");
    const bool binds =
        std::ranges::none_of(unbound_, [&](const std::string& begin) { return place.starts_with(begin); });
    if (!ours && binds && !entry.is_directory() && entry.file_size() > 0) return false;
  }
  return true;
}

void OutputFolder::replace_results(const std::string& changed) const {
  if (replaceable_.empty()) throw other_settings(path_, changed);
  reopen();
  for (const fs::path& file : replaceable_) fs::remove(path_ / file);
  info(path_.string() + " is made again:" + changed);
}

void OutputFolder::note_place(const std::string& key, const fs::path& place) {
  Json record = read_json(settings_file(path_));
  Json& noted = record["settings"][key];
  if (noted == place.string()) return;
  noted = place.string();
  write_file(settings_file(path_), to_pretty(record));
}

void OutputFolder::bind_inputs(const Json& inputs) {
  Json named = Json::object();
  for (const auto& [key, value] : inputs.items()) named[kInput + key] = value;
  Json record = read_json(settings_file(path_));
  if (!holds_no_result()) {
    const std::string changed = changes(path_, record, named, true);
    if (changed.empty()) return;
    replace_results(changed);
  }
  record["result_settings"].update(named);
  write_file(settings_file(path_), to_pretty(record));
}

void OutputFolder::require_inputs(const Json& some) const {
  const std::string file = settings_file(path_).string();
  const Json there = member<Json>(read_json(file), "result_settings", file);
  std::string changed;
  for (const auto& [key, value] : some.items())
    changed += difference(kInput + key, there.value(kInput + key, Json()), value);
  if (!changed.empty()) throw other_settings(path_, changed);
}

void OutputFolder::reopen() const { fs::remove(manifest_file(path_)); }

bool OutputFolder::finished() const {
  const fs::path file = manifest_file(path_);
  if (!fs::exists(file)) return false;
  const std::string damage = Manifest::read(file).damage(false);
  if (!damage.empty()) warn(damage + ": doing the work again");
  return damage.empty();
}

Json OutputFolder::manifest() const { return read_json(manifest_file(path_)); }

void OutputFolder::finish(const std::vector<fs::path>& files, const Json& facts) {
  std::vector<ManifestFile> described;
  for (const fs::path& file : files) described.push_back(Manifest::describe(path_, file));
  finish_known(described, facts);
}

void OutputFolder::finish_known(const std::vector<ManifestFile>& files, const Json& facts) {
  const Manifest manifest = Manifest::of_known(path_, "manifest.json", files, facts);
  Json record = read_json(settings_file(path_));
  record[kManifestHash] = sha256(manifest.text());
  write_file(settings_file(path_), to_pretty(record));
  manifest.write();  // last: with it the folder is finished
}

}  // namespace film
