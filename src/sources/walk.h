#pragma once
// Private to the module: one way of walking folders.
#include <string>
#include <vector>

#include "film/sources/files.h"

namespace film::sources {

// Appends the files below `folder` that the filter takes, sorted by name, and what was passed over. `name`: of the
// folder, at the beginning of its files' names. Throws denied when the folder itself cannot be read.
void list_folder(const fs::path& folder, const std::string& name, const FileFilter& filter, FileList& list);

// Whether it is an output folder of film: its settings.json says so.
bool is_film_folder(const fs::path& folder);

// A regular file that may be read.
SourceFile describe_file(const fs::path& path, const std::string& name, FileKind kind);

}  // namespace film::sources
