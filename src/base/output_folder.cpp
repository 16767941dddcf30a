#include "film/base/output_folder.h"

#include "film/base/error.h"
#include "film/base/log.h"

namespace film {
namespace {

Json& build_record() {
  static Json build = Json::object();
  return build;
}

Json& command_record() {
  static Json command = Json::array();
  return command;
}

// "seed: 1 there, 2 now" for every key that differs.
std::string differences(const Json& before, const Json& now) {
  std::string text;
  const auto compare = [&](const std::string& key) {
    const Json old = before.value(key, Json()), value = now.value(key, Json());
    if (old != value) text += "\n  " + key + ": " + to_line(old) + " there, " + to_line(value) + " now";
  };
  for (const auto& [key, value] : now.items()) compare(key);
  for (const auto& [key, value] : before.items())
    if (!now.contains(key)) compare(key);
  return text;
}

// True when a folder holds nothing but our own settings, lock, unfinished temporary and empty files (a
// journal without an answer): a run that failed before its first result (a mistyped path or address, say)
// binds nobody to its settings.
bool holds_no_result(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name == "settings.json" || name == ".lock" || name.ends_with(".part");
    if (!ours && !entry.is_directory() && entry.file_size() > 0) return false;
  }
  return true;
}

void require_same_run(const fs::path& folder, const std::string& verb, const Json& settings) {
  const fs::path file = folder / "settings.json";
  const Json old = read_json(file);
  const auto old_verb = member<std::string>(old, "verb", file.string());
  if (old_verb != verb)
    throw config_error(folder.string() + " was made by film " + old_verb + ", not film " + verb,
                       "choose another --out");
  const std::string changed = differences(member<Json>(old, "result_settings", file.string()), settings);
  if (!changed.empty())
    throw config_error(folder.string() + " was made with other settings:" + changed,
                       "use the same settings to resume; to start anew another --out, or delete the folder");
}

}  // namespace

void set_program(const Json& build, const std::vector<std::string>& command_line) {
  build_record() = build;
  command_record() = command_line;
}

const Json& program_build() { return build_record(); }
const Json& program_command() { return command_record(); }

OutputFolder::OutputFolder(const fs::path& path, const std::string& verb, const Fields& fields,
                           const Json& inputs)
    : path_(path), lock_(path) {
  Json result = fields.result_settings();
  for (const auto& [key, value] : inputs.items()) result["input." + key] = value;
  const fs::path file = path_ / "settings.json";
  if (fs::exists(file) && !holds_no_result(path_)) {
    require_same_run(path_, verb, result);
    return;
  }
  Json record = {{"film", program_build()},      {"verb", verb},
                 {"command", program_command()}, {"settings", fields.dump()},
                 {"sources", fields.sources()},  {"result_settings", result}};
  write_file(file, to_pretty(record));
}

bool OutputFolder::finished() const {
  const fs::path file = path_ / "manifest.json";
  if (!fs::exists(file)) return false;
  for (const Json& entry : member<Json>(read_json(file), "files", file.string())) {
    const fs::path result = path_ / member<std::string>(entry, "path", file.string());
    std::error_code error;
    if (fs::file_size(result, error) == member<std::uintmax_t>(entry, "bytes", file.string()) && !error)
      continue;
    warn(result.string() + " is missing or not as the manifest says: doing the work again");
    return false;
  }
  return true;
}

Json OutputFolder::manifest() const { return read_json(path_ / "manifest.json"); }

void OutputFolder::finish(const std::vector<fs::path>& files, const Json& facts) {
  Json list = Json::array();
  for (const fs::path& file : files) {
    const fs::path full = path_ / file;
    list.push_back(
        {{"path", file.generic_string()}, {"bytes", fs::file_size(full)}, {"sha256", sha256_file(full)}});
  }
  Json manifest = {{"format", 1}, {"files", list}};
  manifest.update(facts);
  write_file(path_ / "manifest.json", to_pretty(manifest));
}

}  // namespace film
