#pragma once
// Private to the module: what cannot be read twice, in a file that can.
#include <string_view>

#include "film/base/file_descriptor.h"
#include "film/base/files.h"

namespace film::sources {

// A file without a name in TMPDIR (or /tmp): it is gone when the object or the process is.
class SpoolFile {
 public:
  SpoolFile();                         // throws cannot_create
  void write(std::string_view bytes);  // throws io_error, with the folder: it is full, say
  // By which this process and those that it starts open it.
  fs::path path() const;

 private:
  fs::path folder_;
  FileDescriptor file_;
};

}  // namespace film::sources
