#pragma once
// The folder a verb writes: locked, with the resolved settings inside, finished by a manifest written last.
// Resume = run the same command again. A difference in a setting that changes the result is exit 78.
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/base/settings.h"

namespace film {

class OutputFolder {
 public:
  // Creates and locks `path`. If it holds settings.json of an earlier run, compares them and throws
  // config_error naming the keys that differ; else writes settings.json:
  // {"film","verb","settings","sources","command"}.
  OutputFolder(const fs::path& path, const std::string& verb, const Fields& fields, const Json& inputs = {});

  const fs::path& path() const { return path_; }
  // True when manifest.json is there and every file in it has the size it says: nothing is left to do.
  bool finished() const;
  Json manifest() const;  // of a finished folder

  // Writes manifest.json: each result file (relative to the folder) with bytes and sha256, then `facts`.
  void finish(const std::vector<fs::path>& files, const Json& facts);

 private:
  fs::path path_;
  FolderLock lock_;
};

// What `film --version` and settings.json say about the program; set once by main.
void set_program(const Json& build, const std::vector<std::string>& command_line);
const Json& program_build();
const Json& program_command();

}  // namespace film
