#pragma once
// Private to the module: SHA-256 of the corpus's files.
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "film/base/file_descriptor.h"
#include "film/base/sha256.h"
#include "film/sources/files.h"

namespace film::corpus {

// The hash follows those who read the files, close behind them: what is larger than memory comes from the disk once.
class SourceHashes {
 public:
  explicit SourceHashes(const std::vector<sources::SourceFile>& files)
      : files_(files) {}  // keeps a reference

  // Of the next files, from whoever has hashed them. Not once somebody follows.
  void know(const std::vector<std::string>& hashes) {
    hashes_.insert(hashes_.end(), hashes.begin(), hashes.end());
  }

  // So many further bytes have been read, of the files one behind the other. From any thread: one hashes, the others go on.
  void follow(std::uint64_t bytes);

  // Of file `i`, read to its end if it was not; any file from any thread, once nobody follows any more.
  std::string of(std::size_t i);

 private:
  std::uint64_t hash_piece(std::uint64_t most);

  const std::vector<sources::SourceFile>& files_;
  std::atomic<std::uint64_t> pending_ = 0;  // read, not hashed
  std::mutex mutex_;
  std::vector<std::string> hashes_;  // of the first files
  // Of the file behind those, while it is read.
  FileDescriptor file_;
  std::optional<Sha256> hash_;
  std::vector<char> buffer_;
};

}  // namespace film::corpus
