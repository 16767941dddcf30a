#pragma once
// The list of the files of a finished folder, each with its bytes and SHA-256, and facts about what is in them. Written
// last: a folder without one is not finished.
//   {"format": 1, "files": [{"path", "bytes", "sha256"}...], facts...}
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/base/json.h"

namespace film {

// The key of settings.json with the SHA-256 of the manifest.json beside it, from the command that wrote both. Folders of
// earlier versions lack it.
constexpr const char* kManifestHash = "manifest_sha256";

struct ManifestFile {
  std::string path;  // relative to the folder, with '/'
  std::uint64_t bytes = 0;
  std::string sha256;
};

class Manifest {
 public:
  // Reads `file`, which lies in the folder it speaks of. Throws no_input; bad_data naming the file and the key that
  // is missing or of the wrong type, or that it is not the file that was written (kManifestHash).
  static Manifest read(const fs::path& file);
  // Hashes `files` (relative to `folder`) and writes FOLDER/NAME. `facts` is an object.
  static Manifest write(const fs::path& folder, const std::string& name, const std::vector<fs::path>& files,
                        const Json& facts = Json::object(), int format = 1);
  // The same of files whose sizes and hashes are known already, and not written yet: nothing is hashed.
  static Manifest of_known(const fs::path& folder, const std::string& name, std::vector<ManifestFile> files,
                           const Json& facts = Json::object(), int format = 1);
  static ManifestFile describe(const fs::path& folder, const fs::path& file);  // its size and hash of now
  std::string text() const;                                                    // as it is written
  void write() const;

  int format() const { return format_; }
  const std::vector<ManifestFile>& files() const { return files_; }
  const ManifestFile* find(const std::string& path) const;  // nullptr when it does not name `path`
  const Json& facts() const { return facts_; }              // everything but format and files
  const fs::path& path() const { return path_; }
  // One fact; throws bad_data naming file and key.
  template <class T>
  T fact(const char* key) const {
    return member<T>(facts_, key, path_.string());
  }

  // What is wrong with a file that the manifest names: "FILE is missing", "FILE holds 12 bytes, the manifest says 13",
  // "FILE is not as it was written: its SHA-256 is A, the manifest says B"; empty when all is well. Hashes only if asked
  // to; of files that were hashed before in this process they are known (content_hash.h).
  std::string damage(const ManifestFile& file, bool hashes) const;
  // Of the first file with which something is wrong.
  std::string damage(bool hashes) const;
  // Throw bad_data with that and `hint`. check_sizes reads no content.
  void check_sizes(const std::string& hint) const;
  void check_content(const std::string& hint) const;

 private:
  fs::path path_;
  int format_ = 1;
  std::vector<ManifestFile> files_;
  Json facts_ = Json::object();
};

}  // namespace film
