#include "spool_file.h"

#include <unistd.h>

#include "film/base/nameless_file.h"

namespace film::sources {

SpoolFile::SpoolFile() : folder_(fs::temp_directory_path()), file_(nameless_file(folder_)) {}

void SpoolFile::write(std::string_view bytes) { write_all(file_, bytes, folder_ / "(copy of an input)"); }

// Not /proc/self: a converter has no such descriptor.
fs::path SpoolFile::path() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(file_.get());
}

}  // namespace film::sources
