#pragma once
// NoLiMa (arXiv 2502.05167): questions that share no word with their needle, at every depth of books.
#include "film/benchmarks/benchmarks.h"

namespace film::benchmarks {

Written write_nolima(const Settings& settings, const fs::path& out, std::uint64_t limit);

}  // namespace film::benchmarks
