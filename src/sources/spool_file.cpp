#include "spool_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace film::sources {

SpoolFile::SpoolFile() : folder_(fs::temp_directory_path()) {
  std::string name = (folder_ / "film-XXXXXX").string();
  file_ = FileDescriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (!file_.is_open()) throw write_failure(folder_, errno);
  ::unlink(name.c_str());
}

void SpoolFile::write(std::string_view bytes) { write_all(file_, bytes, folder_ / "(copy of an input)"); }

// Not /proc/self: a converter has no such descriptor.
fs::path SpoolFile::path() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(file_.get());
}

}  // namespace film::sources
