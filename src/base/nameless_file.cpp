#include "film/base/nameless_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "film/base/error.h"

namespace film {

FileDescriptor nameless_file(const fs::path& folder) {
  std::string name = (folder / ".film-XXXXXX").string();  // mkostemp puts letters in place of the X
  FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file.is_open())
    throw cannot_create("cannot create a temporary file in " + folder.string() + ": " + errno_text(errno),
                        "check the folder and its permissions");
  ::unlink(name.c_str());
  return file;
}

}  // namespace film
