#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/log.h"

namespace film {

Journal::Journal(fs::path path) : path_(std::move(path)) {
  fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd_ < 0) throw cannot_create("cannot open " + path_.string() + ": " + errno_text(errno));
  cut_torn_tail();
  sync_folder(path_.parent_path());
}

Journal::~Journal() { ::close(fd_); }

void Journal::cut_torn_tail() {
  const MappedFile file(path_);
  const std::string_view content{reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
  const std::size_t last = content.rfind('\n');
  const std::size_t whole = last == std::string_view::npos ? 0 : last + 1;
  if (whole == content.size()) return;
  warn(path_.string() + ": cut a torn last line of " + std::to_string(content.size() - whole) + " bytes");
  if (::ftruncate(fd_, static_cast<off_t>(whole)) != 0 || ::fsync(fd_) != 0)
    throw io_error("repairing " + path_.string() + " failed: " + errno_text(errno));
}

void Journal::append(const Json& record) { pending_ += to_line(record) + "\n"; }

void Journal::write() {
  while (!pending_.empty()) {
    const ssize_t n = ::write(fd_, pending_.data(), pending_.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw io_error("writing " + path_.string() + " failed: " + errno_text(errno));
    pending_.erase(0, static_cast<std::size_t>(n));  // at once: a second try must not write it twice
    unsynced_ = true;
  }
}

void Journal::sync() {
  write();
  if (std::exchange(unsynced_, false) && ::fdatasync(fd_) != 0)
    throw io_error("syncing " + path_.string() + " failed: " + errno_text(errno));
}

}  // namespace film
