#include "film/folders/benchmark_folder.h"

#include "finished.h"

namespace film::folders {

BenchmarkFolder::BenchmarkFolder(const fs::path& folder) : path_(folder) {
  const Manifest manifest = finished_manifest(folder, "benchmark", "film benchmark");
  facts_ = from_json<BenchmarkFacts>(manifest.facts(), manifest.path().string());
}

}  // namespace film::folders
