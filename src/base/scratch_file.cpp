#include "film/base/scratch_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "film/base/error.h"
#include "film/base/nameless_file.h"

namespace film {

struct ScratchFile::Map {
  void* address = nullptr;
  std::size_t size = 0;
  ~Map() {
    if (address != nullptr) ::munmap(address, size);
  }
};

ScratchFile::ScratchFile(const fs::path& folder, std::uint64_t size) : map_(std::make_shared<Map>()) {
  const FileDescriptor file = nameless_file(folder);
  map_->size = static_cast<std::size_t>(size);
  const int full = size == 0 ? 0 : ::posix_fallocate(file.get(), 0, static_cast<off_t>(size));
  void* address = full == 0 && size > 0
                      ? ::mmap(nullptr, map_->size, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0)
                      : nullptr;
  const int error = full != 0 ? full : errno;
  if (full != 0 || address == MAP_FAILED)
    throw io_error("cannot reserve " + std::to_string(size >> 20) + " MiB in " + folder.string() + ": " +
                       errno_text(error),
                   "free some space, or give an output folder on a larger disk");
  map_->address = address;
}

std::span<std::byte> ScratchFile::bytes() const {
  return {static_cast<std::byte*>(map_->address), map_->size};
}

void ScratchFile::release(std::uint64_t offset, std::uint64_t length) const {
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t begin = offset / page * page;  // a neighbour's page is read again when it is needed
  if (length > 0)
    ::madvise(static_cast<std::byte*>(map_->address) + begin, offset + length - begin, MADV_DONTNEED);
}

}  // namespace film
