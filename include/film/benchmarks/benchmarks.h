#pragma once
// `film benchmark`: questions of a benchmark as rows that its task files read, made for a tokenizer.
#include <vector>

#include "film/base/files.h"
#include "film/base/json.h"
#include "film/benchmarks/settings.h"
#include "film/records/benchmark_facts.h"

namespace film::benchmarks {

struct Written {
  std::vector<fs::path> files;  // LENGTH/TASK.jsonl, relative to the folder
  BenchmarkFacts facts;
};

// Files whose content decides what is written, by the key of their setting.
Json input_hashes(const Settings& settings);

// The same bytes for the same settings and inputs, whatever the number of threads. `limit`: rows of each file; 0: all.
// Throws no_input and bad_data for inputs, config_error for a length that no question fits into, stopped on a signal.
Written write_benchmark(const Settings& settings, const fs::path& out, std::uint64_t limit = 0);

}  // namespace film::benchmarks
