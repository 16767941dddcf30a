#include "film/tasks/catalog.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/error.h"
#include "film/base/settings.h"
#include "probes.h"

namespace film::tasks {
namespace {

constexpr int kFoldersUp = 4;  // from build/release/film to the checkout, from bin/film to what was unpacked

// configs/tasks of the checkout or the installation that the program belongs to; empty if there is none.
fs::path own_folder() {
  fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
  for (int up = 0; up < kFoldersUp; ++up, folder = folder.parent_path())
    if (fs::is_directory(folder / "configs/tasks")) return folder / "configs/tasks";
  return {};
}

// Names become parts of file names: predictions/NAME.LABEL.jsonl.
bool is_plain(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '-';
  });
}

void check_name(const std::string& name, const fs::path& file) {
  if (find_probe(name) != nullptr)
    throw config_error(file.string() + " has the name of a probe", "rename the file");
  if (!is_plain(name))
    throw config_error(file.string() + ": \"" + name + "\" is not a valid name for a task",
                       "use letters, digits, '_' and '-'");
}

}  // namespace

Catalog::Catalog(const std::vector<std::string>& folders) {
  std::vector<fs::path> all(folders.begin(), folders.end());
  for (const fs::path& folder : all)
    if (!fs::is_directory(folder)) throw no_input("task_folders: there is no folder " + folder.string());
  if (const fs::path own = own_folder(); !own.empty()) all.push_back(own);
  for (const fs::path& folder : all)
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".json") continue;
      const std::string name = entry.path().stem().string();
      check_name(name, entry.path());
      files_.emplace(name, entry.path());
    }
}

void Catalog::require(const std::string& name) const {
  if (find_probe(name) != nullptr || files_.contains(name)) return;
  const std::vector<std::string> known = names();
  const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
    return edit_distance(a, name) < edit_distance(b, name);
  });
  throw config_error("there is no task \"" + name + "\"",
                     fmt::format("did you mean \"{}\"? There are: {}", *nearest, fmt::join(known, ", ")));
}

std::optional<fs::path> Catalog::file(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Catalog::names() const {
  std::vector<std::string> list;
  for (const Probe& probe : probes()) list.emplace_back(probe.name);
  for (const auto& [name, file] : files_) list.push_back(name);
  return list;
}

}  // namespace film::tasks
