#pragma once
// Writable memory that lives on disk: for state that is too large for memory and is walked through
// once a step.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "film/base/files.h"

namespace film {

// A mapped file without a name: nothing is left behind when the process ends, however it ends. Zero at first.
class ScratchFile {
 public:
  // Reserves the whole size at once, so that a full disk is met here and not in the middle of a run. Throws
  // cannot_create, io_error (74: no space).
  ScratchFile(const fs::path& folder, std::uint64_t size);
  std::span<std::byte> bytes() const;
  std::shared_ptr<const void> owner() const { return map_; }
  // Lets go of the memory of [offset, offset + length); the content stays on disk.
  void release(std::uint64_t offset, std::uint64_t length) const;

 private:
  struct Map;
  std::shared_ptr<Map> map_;
};

}  // namespace film
