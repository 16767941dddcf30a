#pragma once
// RULER's questions as rows.
#include "film/benchmarks/benchmarks.h"

namespace film::benchmarks {

Written write_ruler(const Settings& settings, const fs::path& out, std::uint64_t limit);

}  // namespace film::benchmarks
