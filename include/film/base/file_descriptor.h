#pragma once
// An open file that closes itself, and the only loops over write(2) and pread(2). Errors: no_input, denied,
// cannot_create or io_error with the file's name, and what to do about a full disk.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "film/base/error.h"

namespace film {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() { close(); }
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  // Closes now; returns the error number, 0 when all is well or nothing was open.
  int close() noexcept;

 private:
  int fd_ = -1;
};

// A file: folders, devices and sockets are no_input. Pipes (of a shell's <(...) or mkfifo) are read by those who read once
// from the beginning and hold all in memory; who waits for one says so.
enum class Pipes { refused, read };
FileDescriptor open_for_reading(const std::filesystem::path& path, Pipes pipes = Pipes::refused);
// `flags` as for open(2): O_WRONLY | O_CREAT | O_TRUNC ... New files may be read by all. A symbolic link, a pipe or anything
// else that is no file is cannot_create.
FileDescriptor open_for_writing(const std::filesystem::path& path, int flags);

// Up to `bytes.size()` bytes from where the file stands; 0 at its end.
std::size_t read_some(const FileDescriptor& file, std::span<char> bytes, const std::filesystem::path& path);
// All of `bytes` from `offset` on; io_error when the file ends before.
void read_at(const FileDescriptor& file, std::uint64_t offset, std::span<char> bytes,
             const std::filesystem::path& path);

// Returns how many of `bytes` the system has taken, at least one.
std::size_t write_some(const FileDescriptor& file, std::string_view bytes, const std::filesystem::path& path);
void write_all(const FileDescriptor& file, std::string_view bytes, const std::filesystem::path& path);

// What an error number of a failed operation on `path` means.
Error read_failure(const std::filesystem::path& path, int error);
Error write_failure(const std::filesystem::path& path, int error);

}  // namespace film
