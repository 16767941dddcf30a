// For LD_PRELOAD: a disk with FILM_DISK_BYTES bytes left. Writes to files beyond them fail as on a full disk,
// on every machine and without rights to mount anything.
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>

extern "C" ssize_t write(int fd, const void* data, std::size_t size) {
  using Write = ssize_t (*)(int, const void*, std::size_t);
  static const auto write_really = reinterpret_cast<Write>(::dlsym(RTLD_NEXT, "write"));
  static std::atomic<long> left{std::atol(std::getenv("FILM_DISK_BYTES"))};
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return write_really(fd, data, size);
  const long part = std::min(left.load(), static_cast<long>(size));
  if (part <= 0 && size > 0) {
    errno = ENOSPC;
    return -1;
  }
  left -= part;
  return write_really(fd, data, static_cast<std::size_t>(part));
}
