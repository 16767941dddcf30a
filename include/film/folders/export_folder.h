#pragma once
// A folder that `film export` wrote, opened for reading. Layout: docs/formats.md.
#include "film/base/files.h"
#include "film/records/export_facts.h"

namespace film::folders {

class ExportFolder {
 public:
  // Throws no_input (no finished export in `folder`) and bad_data, with the file and the key at fault.
  explicit ExportFolder(const fs::path& folder);

  const fs::path& path() const { return path_; }
  const ExportFacts& facts() const { return facts_; }

 private:
  fs::path path_;
  ExportFacts facts_;
};

}  // namespace film::folders
