#pragma once
// Which tasks there are: the probes and the task files.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "film/base/files.h"

namespace film::tasks {

class Catalog {
 public:
  // Task files of `folders`, in this order, then of film's own folder configs/tasks, which is searched upwards from
  // the program, and of the folders in it. The first of a name counts. Throws no_input for a missing folder.
  explicit Catalog(const std::vector<std::string>& folders);

  // Throws config_error: for an unknown name, with the nearest and all known; for a file that has the name of a probe,
  // or a name that cannot be part of others' names.
  void require(const std::string& name) const;
  bool knows(const std::string& name) const;                    // a probe or a task file
  std::optional<fs::path> file(const std::string& name) const;  // nothing for a probe
  std::vector<std::string> names() const;                       // probes first

 private:
  std::map<std::string, fs::path> files_;
};

}  // namespace film::tasks
