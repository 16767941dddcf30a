#include "standard_input.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "film/base/error.h"
#include "film/base/signals.h"

namespace film::sources {
namespace {

FileDescriptor open_nameless_file(const fs::path& folder) {
  std::string name = (folder / "film-stdin-XXXXXX").string();
  FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file.is_open()) throw write_failure(folder, errno);
  ::unlink(name.c_str());
  return file;
}

FileDescriptor copy_of_standard_input(const std::string& setting) {
  if (::isatty(STDIN_FILENO) != 0)
    throw no_input(setting + ": - is standard input, which is a terminal here",
                   "pipe the text into film, or name a file");
  const fs::path folder = fs::temp_directory_path();
  FileDescriptor copy = open_nameless_file(folder);
  const FileDescriptor input(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  if (!input.is_open()) throw no_input(setting + ": - is standard input, which is closed");
  std::string block(1 << 18, '\0');
  for (std::size_t n = 1; n > 0;) {
    throw_if_stopped("standard input is not read");
    n = read_some(input, block, "standard input");
    write_all(copy, std::string_view(block).substr(0, n), folder / "(standard input)");
  }
  return copy;
}

}  // namespace

fs::path standard_input(const std::string& setting) {
  static const FileDescriptor copy = copy_of_standard_input(setting);
  return "/proc/self/fd/" + std::to_string(copy.get());
}

}  // namespace film::sources
