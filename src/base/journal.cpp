#include "film/base/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "film/base/files.h"
#include "film/base/log.h"

namespace film {

Journal::Journal(fs::path path)
    : path_(std::move(path)), file_(open_for_writing(path_, O_RDWR | O_CREAT | O_APPEND)) {
  cut_torn_tail();
  sync_folder(path_.parent_path());
}

void Journal::cut_torn_tail() {
  const MappedFile file(path_);
  const std::string_view content{reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
  const std::size_t last = content.rfind('\n');
  const std::size_t whole = last == std::string_view::npos ? 0 : last + 1;
  if (whole == content.size()) return;
  warn(path_.string() + ": cut a torn last line of " + std::to_string(content.size() - whole) + " bytes");
  if (::ftruncate(file_.get(), static_cast<off_t>(whole)) != 0 || ::fsync(file_.get()) != 0)
    throw io_error("repairing " + path_.string() + " failed: " + errno_text(errno));
}

void Journal::append_line(std::string_view line) { pending_.append(line).append("\n"); }

void Journal::write() {
  while (!pending_.empty()) {
    pending_.erase(0, write_some(file_, pending_, path_));  // at once: a second try must not write it twice
    unsynced_ = true;
  }
}

void Journal::sync() {
  write();
  if (std::exchange(unsynced_, false) && ::fdatasync(file_.get()) != 0) throw write_failure(path_, errno);
}

}  // namespace film
