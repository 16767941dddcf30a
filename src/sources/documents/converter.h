#pragma once
// Private to the module: another program that reads a file and writes what is in it, kept within limits.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "film/base/files.h"

namespace film::sources {

// The program of that name on the PATH.
std::optional<fs::path> find_program(const std::string& name);

struct ConverterResult {
  int exit_code = 0;      // 128 and more: ended by a signal
  bool too_long = false;  // ended by us, after five minutes
  std::string complaint;  // the beginning of what it wrote on stderr
};

// Runs it with no input but its arguments, at most 2 GB of memory, 120 seconds of a core and 5 minutes; it can write no file.
// `take` gets its output as it comes and returns whether to go on. Throws os_error where no process can be started.
ConverterResult run_converter(const fs::path& program, const std::vector<std::string>& arguments,
                              const std::function<bool(std::string_view)>& take);

}  // namespace film::sources
