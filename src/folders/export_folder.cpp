#include "film/folders/export_folder.h"

#include "finished.h"

namespace film::folders {

ExportFolder::ExportFolder(const fs::path& folder) : path_(folder) {
  const Manifest manifest = finished_manifest(folder, "export", "film export");
  facts_ = from_json<ExportFacts>(manifest.facts(), manifest.path().string());
}

}  // namespace film::folders
