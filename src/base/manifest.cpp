#include "film/base/manifest.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/sha256.h"

namespace film {
namespace {

Json to_json(const ManifestFile& file) {
  return {{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}};
}

ManifestFile read_entry(const Json& entry, const std::string& where) {
  return {member<std::string>(entry, "path", where), member<std::uint64_t>(entry, "bytes", where),
          member<std::string>(entry, "sha256", where)};
}

ManifestFile describe(const fs::path& folder, const fs::path& file) {
  return {file.generic_string(), fs::file_size(folder / file), sha256_file(folder / file)};
}

}  // namespace

Manifest Manifest::read(const fs::path& file) {
  Manifest manifest;
  manifest.path_ = file;
  manifest.facts_ = read_json(file);
  manifest.format_ = member<int>(manifest.facts_, "format", file.string());
  const Json files = member<Json>(manifest.facts_, "files", file.string());
  if (!files.is_array())
    throw bad_data(file.string() + ": key \"files\" has the wrong type: " + to_line(files));
  for (const Json& entry : files)
    manifest.files_.push_back(
        read_entry(entry, file.string() + ", files[" + std::to_string(manifest.files_.size()) + "]"));
  manifest.facts_.erase("format");
  manifest.facts_.erase("files");
  return manifest;
}

Manifest Manifest::write(const fs::path& folder, const std::string& name, const std::vector<fs::path>& files,
                         const Json& facts, int format) {
  std::vector<ManifestFile> described;
  for (const fs::path& file : files) described.push_back(describe(folder, file));
  return write_known(folder, name, std::move(described), facts, format);
}

Manifest Manifest::write_known(const fs::path& folder, const std::string& name,
                               std::vector<ManifestFile> files, const Json& facts, int format) {
  Manifest manifest;
  manifest.path_ = folder / name;
  manifest.format_ = format;
  manifest.facts_ = facts;
  manifest.files_ = std::move(files);
  Json list = Json::array();
  for (const ManifestFile& file : manifest.files_) list.push_back(to_json(file));
  Json content = {{"format", format}, {"files", list}};
  content.update(facts);
  write_file(manifest.path_, to_pretty(content));
  return manifest;
}

const ManifestFile* Manifest::find(const std::string& path) const {
  const auto found = std::ranges::find(files_, path, &ManifestFile::path);
  return found == files_.end() ? nullptr : &*found;
}

std::string Manifest::damage(bool hashes) const {
  for (const ManifestFile& file : files_) {
    const fs::path full = path_.parent_path() / file.path;
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(full, error);
    if (error) return full.string() + " is missing, but the manifest names it";
    if (bytes != file.bytes)
      return full.string() + " holds " + std::to_string(bytes) + " bytes, the manifest says " +
             std::to_string(file.bytes);
    if (hashes && sha256_file(full) != file.sha256)
      return full.string() + " is damaged: its SHA-256 is not the manifest's";
  }
  return {};
}

void Manifest::check_sizes(const std::string& hint) const {
  if (const std::string wrong = damage(false); !wrong.empty()) throw bad_data(wrong, hint);
}

}  // namespace film
