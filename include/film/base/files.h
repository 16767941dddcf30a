#pragma once
// Files that are whole or absent. Any write or fsync failure throws io_error (exit 74) and is never retried:
// after a failed fsync Linux may mark the pages clean, so a second one would succeed over lost data.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "film/base/file_descriptor.h"
#include "film/base/sha256.h"

namespace film {

namespace fs = std::filesystem;

// The whole file, or what comes through a pipe, as bytes. Throws no_input if it does not exist or is a folder, a device or
// a socket, denied if it may not be read, bad_data beyond 1 GiB (64 MiB of a pipe).
std::string read_file(const fs::path& path);

// Temp file in the same folder, write, fsync, rename, fsync folder.
void write_file(const fs::path& path, std::string_view content);

// Whether what is written is hashed on its way, for files that a manifest will name: they are not read again for it.
enum class Hashing { none, as_written };

// The same in pieces; a file that is not committed leaves no trace but a temp file that the next run overwrites.
class AtomicFile {
 public:
  explicit AtomicFile(fs::path path, Hashing hashing = Hashing::none);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  template <class T>
  void write_values(std::span<const T> values) {
    write({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }
  std::uint64_t size() const { return size_; }  // bytes written so far
  void commit();

 private:
  void flush();
  void put(std::string_view bytes);

  fs::path path_, temp_;
  FileDescriptor file_;
  std::uint64_t size_ = 0;
  std::string buffer_;
  std::optional<Sha256> hash_;
};

// Read-only memory map; the pages live as long as any copy of the handle.
class MappedFile {
 public:
  MappedFile() = default;
  explicit MappedFile(const fs::path& path);  // throws no_input, io_error
  std::span<const std::byte> bytes() const;
  // The file as values of T; throws bad_data if its size is not a multiple of sizeof(T).
  template <class T>
  std::span<const T> values() const {
    check_multiple(sizeof(T));
    return {reinterpret_cast<const T*>(bytes().data()), bytes().size() / sizeof(T)};
  }
  const fs::path& path() const;
  std::shared_ptr<const void> owner() const { return map_; }
  // Gives back the memory of pages that have been read, some of their neighbours too; they are read from the file
  // again when next used. A reader that goes once through a file larger than memory calls this behind itself.
  void release(std::size_t offset, std::size_t bytes) const;

 private:
  void check_multiple(std::size_t size) const;
  struct Map;
  std::shared_ptr<const Map> map_;
};

// Creates a folder and its parents; throws cannot_create.
void make_folder(const fs::path& path);

// fsync on a folder, so that a rename or a new entry in it survives a power cut.
void sync_folder(const fs::path& path);

// An exclusive advisory lock on FOLDER/.lock for the lifetime of the object; throws cannot_create if another
// process holds it. The kernel drops the lock when a process dies.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  FileDescriptor file_;
};

}  // namespace film
