#include "film/base/file_descriptor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "film/base/log.h"
#include "film/base/signals.h"

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

namespace {

mode_t mode_of(const FileDescriptor& file, const fs::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw read_failure(path, errno);
  return status.st_mode;
}

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

// A named pipe has an end only after somebody has begun to write.
void wait_for_writer(const FileDescriptor& file, const fs::path& path) {
  constexpr int kPatience = 1000, kLook = 100;  // milliseconds
  for (int waited = 0;; waited += kLook) {
    struct pollfd asked {
      file.get(), POLLIN, 0
    };
    if (::poll(&asked, 1, kLook) > 0) return;
    throw_if_stopped("nothing was read");
    if (waited == kPatience) info("waiting for what is written to the pipe " + path.string());
  }
}

}  // namespace

// O_NONBLOCK: opening a pipe that nobody writes to would wait for ever. Of a file it means nothing.
FileDescriptor open_for_reading(const fs::path& path, Pipes pipes) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) throw read_failure(path, errno);
  const mode_t mode = mode_of(file, path);
  if (S_ISREG(mode)) return file;
  if (!S_ISFIFO(mode) || pipes == Pipes::refused)
    throw no_input(path.string() + " is " + kind_of(mode) + ", not a file",
                   S_ISDIR(mode) ? "" : "write its content to a file first");
  wait_for_writer(file, path);
  if (::fcntl(file.get(), F_SETFL, O_RDONLY) != 0) throw read_failure(path, errno);
  return file;
}

FileDescriptor open_for_writing(const fs::path& path, int flags) {
  FileDescriptor file(::open(path.c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644));
  if (!file.is_open()) throw write_failure(path, errno);
  if (const mode_t mode = mode_of(file, path); !S_ISREG(mode))
    throw cannot_create(path.string() + " is " + kind_of(mode) + ", not a file", "remove it");
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
  if (error == ENXIO) return no_input(path.string() + " is a socket or a device, not a file");
  return io_error("reading " + path.string() + " failed: " + errno_text(error));
}

Error write_failure(const fs::path& path, int error) {
  if (error == EMFILE || error == ENFILE) return too_many_open(path, error);
  if (error == ELOOP)
    return cannot_create(path.string() + " is a symbolic link",
                         "film writes through none, so that a planted one costs no other file: remove it");
  if (error == ENXIO || error == EISDIR) return cannot_create(path.string() + " is not a file", "remove it");
  if (error == EACCES || error == EROFS || error == EPERM || error == ENOENT || error == ENOTDIR)
    return cannot_create("cannot write " + path.string() + ": " + errno_text(error),
                         "check the folder and its permissions");
  return io_error("writing " + path.string() + " failed: " + errno_text(error), remedy_of(error));
}

}  // namespace film
