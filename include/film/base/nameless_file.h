#pragma once
// Files that vanish with the process.
#include "film/base/file_descriptor.h"
#include "film/base/files.h"

namespace film {

// An empty file in `folder` that no name leads to, open for reading and writing: it is gone when its last descriptor is
// closed, however the process ends. Throws cannot_create.
FileDescriptor nameless_file(const fs::path& folder);

}  // namespace film
