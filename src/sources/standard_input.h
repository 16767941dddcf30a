#pragma once
// Private to the module: standard input as a file that can be read more than once.
#include <string>

#include "film/base/files.h"

namespace film::sources {

// A path by which this process reads what came through standard input: it is copied into a file without a name in TMPDIR (or
// /tmp) at the first call, and gone when the process ends. Throws no_input (a terminal, or closed), io_error (disk full).
fs::path standard_input(const std::string& setting);

}  // namespace film::sources
