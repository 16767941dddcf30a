#include "film/base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "film/base/content_hash.h"
#include "film/base/error.h"

namespace film {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

}  // namespace

std::string read_file(const fs::path& path) {
  const FileDescriptor file = open_for_reading(path, Pipes::read);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw read_failure(path, errno);
  const std::size_t most = S_ISREG(status.st_mode) ? 1 << 30 : 64 << 20;
  std::string content;
  const auto known =
      static_cast<std::size_t>(status.st_size);  // less than there is, for files of /proc and pipes
  char block[1 << 16];
  for (std::size_t n = 1; n > 0;) {
    if (std::max(known, content.size()) > most)
      throw bad_data(path.string() + " holds more than " + std::to_string(most >> 20) + " MiB",
                     "is it the right file?");
    n = read_some(file, block, path);
    content.append(block, n);
  }
  return content;
}

void write_file(const fs::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

AtomicFile::AtomicFile(fs::path path, Hashing hashing)
    : path_(std::move(path)),
      temp_(path_.string() + ".part"),
      file_(::open(temp_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644)) {
  if (!file_.is_open())
    throw write_failure(errno == ELOOP || errno == ENXIO || errno == EISDIR ? temp_ : path_, errno);
  if (hashing == Hashing::as_written) hash_.emplace();
}

AtomicFile::~AtomicFile() {
  if (file_.is_open()) ::unlink(temp_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  size_ += bytes.size();
  if (bytes.size() >= kBufferBytes) {  // large pieces go out as they are, not through the buffer
    flush();
    put(bytes);
    return;
  }
  buffer_.append(bytes);
  if (buffer_.size() >= kBufferBytes) flush();
}

void AtomicFile::flush() {
  put(buffer_);
  buffer_.clear();
}

void AtomicFile::put(std::string_view bytes) {
  write_all(file_, bytes, path_);
  if (hash_) hash_->add(bytes);
}

void AtomicFile::commit() {
  flush();
  if (::fsync(file_.get()) != 0) throw write_failure(path_, errno);
  if (const int error = file_.close(); error != 0) throw write_failure(path_, error);
  if (::rename(temp_.c_str(), path_.c_str()) != 0) throw write_failure(path_, errno);
  sync_folder(path_.parent_path());
  if (hash_) remember_content_hash(path_, hash_->hex());
}

struct MappedFile::Map {
  void* address = nullptr;
  std::size_t size = 0;
  fs::path path;
  ~Map() {
    if (address != nullptr) ::munmap(address, size);
  }
};

MappedFile::MappedFile(const fs::path& path) {
  const FileDescriptor file = open_for_reading(path);
  auto map = std::make_shared<Map>();
  map->path = path;
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw read_failure(path, errno);
  map->size = static_cast<std::size_t>(status.st_size);
  if (map->size > 0) {
    void* address = ::mmap(nullptr, map->size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (address == MAP_FAILED) throw read_failure(path, errno);
    map->address = address;
  }
  map_ = std::move(map);
}

std::span<const std::byte> MappedFile::bytes() const {
  return {static_cast<const std::byte*>(map_->address), map_->size};
}

const fs::path& MappedFile::path() const { return map_->path; }

void MappedFile::release(std::size_t offset, std::size_t bytes) const {
  // Reading a page maps its neighbours too, up to a huge page: what a reader has done with comes back so.
  constexpr std::size_t kAround = 2 << 20;
  if (offset >= map_->size) return;
  const std::size_t begin = (offset - std::min(offset, kAround)) / kAround * kAround;
  const std::size_t end = std::min(map_->size, offset + std::min(bytes, map_->size - offset) + kAround);
  ::madvise(static_cast<std::byte*>(map_->address) + begin, end - begin, MADV_DONTNEED);  // only advice
}

void MappedFile::check_multiple(std::size_t size) const {
  if (map_->size % size != 0)
    throw bad_data(map_->path.string() + ": size " + std::to_string(map_->size) + " is not a multiple of " +
                       std::to_string(size),
                   "the file is truncated: make it again");
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error || !fs::is_directory(path))
    throw cannot_create("cannot create folder " + path.string() + ": " +
                        (error ? error.message() : "a file of that name exists"));
}

void sync_folder(const fs::path& path) {
  const fs::path folder = path.empty() ? fs::path(".") : path;
  const FileDescriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open()) throw write_failure(folder, errno);
  if (::fsync(file.get()) != 0 && errno != EINVAL)  // EINVAL: no fsync on this file system
    throw write_failure(folder, errno);
}

FolderLock::FolderLock(const fs::path& folder) {
  make_folder(folder);
  const fs::path path = folder / ".lock";
  file_ = open_for_writing(path, O_RDWR | O_CREAT);
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      throw cannot_create("cannot lock " + path.string() + ": " + errno_text(errno),
                          "choose a folder on a file system that supports file locks");
    throw cannot_create(folder.string() + " is in use by another film process (" + read_file(path) + ")",
                        "wait for it to end, or choose another output folder");
  }
  // Who holds it, for that message; the lock itself does not depend on the content.
  char host[256] = "?";
  ::gethostname(host, sizeof host - 1);
  if (::ftruncate(file_.get(), 0) == 0) ::dprintf(file_.get(), "process %d on %s", ::getpid(), host);
}

}  // namespace film
