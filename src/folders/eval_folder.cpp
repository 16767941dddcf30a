#include "film/folders/eval_folder.h"

#include "film/base/error.h"

namespace film::folders {
namespace {

Manifest read_manifest(const fs::path& folder) {
  const fs::path file = folder / "manifest.json";
  if (!fs::exists(file))
    throw no_input(folder.string() + " holds no finished evaluation (no manifest.json)",
                   "run film eval first");
  return Manifest::read(file);
}

}  // namespace

EvalFolder::EvalFolder(const fs::path& folder)
    : path_(folder),
      manifest_(read_manifest(folder)),
      facts_(from_json<EvalFacts>(manifest_.facts(), manifest_.path().string())) {}

void EvalFolder::require_unchanged() const {
  manifest_.check_content("put the file back; or delete " + manifest_.path().string() +
                          " and run the same film eval again: answers that are there are not asked again");
}

Json EvalFolder::scores() const {
  require_unchanged();
  return read_json(path_ / "scores.json");
}

}  // namespace film::folders
