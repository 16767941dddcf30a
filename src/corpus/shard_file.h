#pragma once
// Private to the module: prepared batches on disk, so that parts of a corpus are prepared apart and put together later.
#include <optional>
#include <string>

#include "film/base/files.h"
#include "prepare.h"

namespace film::corpus {

// One file of batches, each a length of eight bytes and the batch as its reader below takes it: numbers little-endian, lists
// and texts behind their lengths. No format for others: a shard is read by the version of film that wrote it.
class ShardWriter {
 public:
  explicit ShardWriter(const fs::path& path) : file_(path) {}
  void add(const PreparedBatch& batch);
  void commit() { file_.commit(); }

 private:
  AtomicFile file_;
};

class ShardReader {
 public:
  explicit ShardReader(const fs::path& path) : file_(path) {}
  std::optional<PreparedBatch> next();  // nothing at the end; throws bad_data

 private:
  MappedFile file_;
  std::size_t at_ = 0;
};

}  // namespace film::corpus
