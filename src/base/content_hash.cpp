#include "film/base/content_hash.h"

#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <optional>
#include <tuple>

#include "film/base/file_descriptor.h"
#include "film/base/progress.h"
#include "film/base/sha256.h"

namespace film {

namespace fs = std::filesystem;

namespace {

// What changes when a file is written, replaced or touched. The time of change cannot be set by a program.
using Identity = std::tuple<dev_t, ino_t, off_t, time_t, long, time_t, long>;

Identity identity_of(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) throw read_failure(file, errno);
  return {status.st_dev,          status.st_ino,         status.st_size,        status.st_mtim.tv_sec,
          status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
}

class KnownHashes {
 public:
  std::optional<std::string> find(const Identity& file) {
    const std::lock_guard lock(mutex_);
    const auto found = hashes_.find(file);
    return found == hashes_.end() ? std::nullopt : std::optional(found->second);
  }
  void keep(const Identity& file, const std::string& hash) {
    const std::lock_guard lock(mutex_);
    hashes_.insert_or_assign(file, hash);
  }

 private:
  std::mutex mutex_;
  std::map<Identity, std::string> hashes_;
};

KnownHashes& known_hashes() {
  static KnownHashes known;
  return known;
}

std::string hashed(const fs::path& file, std::uint64_t bytes) {
  constexpr std::uint64_t kLarge = 512 << 20;  // a fraction of a second
  if (bytes < kLarge) return sha256_file(file);
  Progress progress("hashing " + file.filename().string(), bytes >> 20, "MiB");
  std::string hash = sha256_file(file, [&](std::size_t read) { progress.advance(read >> 20); });
  progress.finish();
  return hash;
}

}  // namespace

std::string content_hash(const fs::path& file) {
  const Identity before = identity_of(file);
  if (const std::optional<std::string> found = known_hashes().find(before)) return *found;
  std::string hash = hashed(file, static_cast<std::uint64_t>(std::get<2>(before)));
  if (identity_of(file) != before) return hash;  // written meanwhile: not to be remembered
  known_hashes().keep(before, hash);
  return hash;
}

void remember_content_hash(const fs::path& file, const std::string& sha256) {
  known_hashes().keep(identity_of(file), sha256);
}

}  // namespace film
