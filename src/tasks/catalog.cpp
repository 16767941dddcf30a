#include "film/tasks/catalog.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/base/suggest.h"
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
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return is_ascii_alnum(c) || c == '_' || c == '-'; });
}

}  // namespace

Catalog::Catalog(const std::vector<std::string>& folders) {
  std::vector<fs::path> all(folders.begin(), folders.end());
  for (const fs::path& folder : all)
    if (!fs::is_directory(folder)) throw no_input("task_folders: there is no folder " + folder.string());
  if (const fs::path own = own_folder(); !own.empty()) {
    all.push_back(own);
    for (const auto& entry : fs::directory_iterator(own))
      if (entry.is_directory()) all.push_back(entry.path());
  }
  for (const fs::path& folder : all)
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".json") continue;
      files_.emplace(entry.path().stem().string(), entry.path());
    }
}

void Catalog::require(const std::string& name) const {
  const auto found = files_.find(name);
  if (find_probe(name) != nullptr) {
    if (found == files_.end()) return;
    throw config_error(found->second.string() + " has the name of a probe", "rename the file");
  }
  if (found != files_.end()) {
    if (is_plain(name)) return;
    throw config_error(found->second.string() + ": \"" + name + "\" is not a valid name for a task",
                       "use letters, digits, '_' and '-'");
  }
  const std::vector<std::string> known = names();
  throw config_error("there is no task \"" + name + "\"",
                     did_you_mean(nearest(name, known)) + " There are: " + join(known, ", "));
}

bool Catalog::knows(const std::string& name) const {
  return find_probe(name) != nullptr || files_.contains(name);
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
