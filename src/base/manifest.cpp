#include "film/base/manifest.h"

#include <algorithm>

#include "film/base/content_hash.h"
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

// Facts such as the width of a token id have no other guard.
void require_as_written(const fs::path& manifest, const std::string& content) {
  const fs::path settings = manifest.parent_path() / "settings.json";
  if (manifest.filename() != "manifest.json" || !fs::exists(settings)) return;
  const Json record = read_json(settings);
  const Json written = record.is_object() ? record.value(kManifestHash, Json()) : Json();
  if (const std::string found = sha256(content); !written.is_null() && written != found)
    throw bad_data(manifest.string() + " is not as it was written: its SHA-256 is " + found + ", " +
                       settings.string() + " says " + to_line(written),
                   "delete it and run the same command again (film status shows the command)");
}

}  // namespace

Manifest Manifest::read(const fs::path& file) {
  Manifest manifest;
  manifest.path_ = file;
  const std::string content = read_file(file);
  manifest.facts_ = parse_json(content, file.string(), /*comments=*/true);
  require_as_written(file, content);
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
  const Manifest manifest = of_known(folder, name, std::move(described), facts, format);
  manifest.write();
  return manifest;
}

Manifest Manifest::of_known(const fs::path& folder, const std::string& name, std::vector<ManifestFile> files,
                            const Json& facts, int format) {
  Manifest manifest;
  manifest.path_ = folder / name;
  manifest.format_ = format;
  manifest.facts_ = facts;
  manifest.files_ = std::move(files);
  return manifest;
}

ManifestFile Manifest::describe(const fs::path& folder, const fs::path& file) {
  return {file.generic_string(), fs::file_size(folder / file), content_hash(folder / file)};
}

std::string Manifest::text() const {
  Json list = Json::array();
  for (const ManifestFile& file : files_) list.push_back(to_json(file));
  Json content = {{"format", format_}, {"files", list}};
  content.update(facts_);
  return to_pretty(content);
}

void Manifest::write() const { write_file(path_, text()); }

const ManifestFile* Manifest::find(const std::string& path) const {
  const auto found = std::ranges::find(files_, path, &ManifestFile::path);
  return found == files_.end() ? nullptr : &*found;
}

std::string Manifest::damage(const ManifestFile& file, bool hashes) const {
  const fs::path full = path_.parent_path() / file.path;
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(full, error);
  if (error) return full.string() + " is missing, but the manifest names it";
  if (bytes != file.bytes)
    return full.string() + " holds " + std::to_string(bytes) + " bytes, the manifest says " +
           std::to_string(file.bytes);
  if (!hashes) return {};
  const std::string found = content_hash(full);
  return found == file.sha256 ? ""
                              : full.string() + " is not as it was written: its SHA-256 is " + found +
                                    ", the manifest says " + file.sha256;
}

std::string Manifest::damage(bool hashes) const {
  for (const ManifestFile& file : files_)
    if (std::string wrong = damage(file, hashes); !wrong.empty()) return wrong;
  return {};
}

void Manifest::check_sizes(const std::string& hint) const {
  if (const std::string wrong = damage(false); !wrong.empty()) throw bad_data(wrong, hint);
}

void Manifest::check_content(const std::string& hint) const {
  if (const std::string wrong = damage(true); !wrong.empty()) throw bad_data(wrong, hint);
}

}  // namespace film
