#pragma once
// Is a folder that film wrote whole? Its files by hash, its records by count, and what it was made from: DATA, models and
// other inputs as they are now.
#include <cstdint>
#include <string>
#include <vector>

#include "film/folders/open_folder.h"

namespace film::folders {

struct FolderCheck {
  fs::path folder;
  FolderKind kind = FolderKind::model;
  std::uint64_t files = 0, bytes = 0;    // compared by hash
  std::vector<std::string> holds = {};   // "60 contexts"
  std::vector<std::string> notes = {};   // what could not be compared
  std::vector<std::string> faults = {};  // what is wrong, each with its file

  bool whole() const { return faults.empty(); }
};

// The folder and those that belong to it: the questions of DATA, the checkpoints of a run. Throws no_input (not a folder of
// film's, and not a model), denied, io_error; all that is wrong with a folder is in its faults.
std::vector<FolderCheck> check_folder(const fs::path& folder);

}  // namespace film::folders
