#include "film/base/file_descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace film {

namespace fs = std::filesystem;

namespace {

Error too_many_open(const fs::path& path, int error) {
  return os_error("cannot open " + path.string() + ": " + errno_text(error),
                  "raise the limit on open files: ulimit -n");
}

std::string remedy_of(int error) {
  if (error == ENOSPC || error == EDQUOT) return "free some space and run the same command again";
  if (error == EFBIG) return "raise the limit on file sizes (ulimit -f), then run the same command again";
  return "";
}

}  // namespace

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

int FileDescriptor::close() noexcept {
  const int fd = std::exchange(fd_, -1);
  return fd < 0 || ::close(fd) == 0 ? 0 : errno;
}

FileDescriptor open_for_reading(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) throw read_failure(path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode))
    throw no_input(path.string() + " is a folder, not a file");
  return file;
}

FileDescriptor open_for_writing(const fs::path& path, int flags) {
  FileDescriptor file(::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!file.is_open()) throw write_failure(path, errno);
  return file;
}

std::size_t read_some(const FileDescriptor& file, std::span<char> bytes, const fs::path& path) {
  while (true) {
    const ssize_t n = ::read(file.get(), bytes.data(), bytes.size());
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR) throw read_failure(path, errno);
  }
}

void read_at(const FileDescriptor& file, std::uint64_t offset, std::span<char> bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::pread(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw read_failure(path, n < 0 ? errno : EIO);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
}

std::size_t write_some(const FileDescriptor& file, std::string_view bytes, const fs::path& path) {
  while (true) {
    const ssize_t n = ::write(file.get(), bytes.data(), bytes.size());
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR) throw write_failure(path, errno);
  }
}

void write_all(const FileDescriptor& file, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) bytes.remove_prefix(write_some(file, bytes, path));
}

Error read_failure(const fs::path& path, int error) {
  if (error == EACCES) return denied("cannot read " + path.string() + ": " + errno_text(error));
  if (error == ENOENT || error == ENOTDIR) return no_input("no such file: " + path.string());
  if (error == EMFILE || error == ENFILE) return too_many_open(path, error);
  return io_error("reading " + path.string() + " failed: " + errno_text(error));
}

Error write_failure(const fs::path& path, int error) {
  if (error == EMFILE || error == ENFILE) return too_many_open(path, error);
  if (error == ELOOP)
    return cannot_create(path.string() + " is a symbolic link",
                         "film writes through none, so that a planted one costs no other file: remove it");
  if (error == EACCES || error == EROFS || error == EPERM || error == ENOENT || error == ENOTDIR)
    return cannot_create("cannot write " + path.string() + ": " + errno_text(error),
                         "check the folder and its permissions");
  return io_error("writing " + path.string() + " failed: " + errno_text(error), remedy_of(error));
}

}  // namespace film
