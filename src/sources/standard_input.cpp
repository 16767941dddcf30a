#include "standard_input.h"

#include <fcntl.h>
#include <unistd.h>

#include "film/base/error.h"
#include "film/base/signals.h"
#include "spool_file.h"

namespace film::sources {
namespace {

SpoolFile copy_of_standard_input(const std::string& setting) {
  if (::isatty(STDIN_FILENO) != 0)
    throw no_input(setting + ": - is standard input, which is a terminal here",
                   "pipe the text into film, or name a file");
  SpoolFile copy;
  const FileDescriptor input(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  if (!input.is_open()) throw no_input(setting + ": - is standard input, which is closed");
  std::string block(1 << 18, '\0');
  for (std::size_t n = 1; n > 0;) {
    throw_if_stopped("standard input is not read");
    n = read_some(input, block, "standard input");
    copy.write(std::string_view(block).substr(0, n));
  }
  return copy;
}

}  // namespace

fs::path standard_input(const std::string& setting) {
  static const SpoolFile copy = copy_of_standard_input(setting);
  return copy.path();
}

}  // namespace film::sources
