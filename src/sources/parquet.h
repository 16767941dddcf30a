#pragma once
// Private to the module: by which program Parquet is read.
#include <optional>

#include "film/base/files.h"

namespace film::sources {

inline constexpr const char* kGetPyarrow =
    "give the python3 on the PATH pyarrow, by which film reads it (pip install pyarrow; Debian has no "
    "package)";

// The python3 on the PATH if it has pyarrow. Asked once in a process.
std::optional<fs::path> parquet_program();

}  // namespace film::sources
