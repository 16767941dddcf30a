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
  bool too_long = false;  // ended by us
  std::string complaint;  // the beginning of what it wrote on stderr
};

struct ConverterLimits {
  std::uint64_t memory = std::uint64_t{2} << 30;  // addresses, in bytes
  std::uint32_t seconds = 120;  // of a core, and 2.5 times as many of the clock; 0: any number
};

// Runs it with no input but its arguments; it can write no file. `take` gets its output as it comes and returns whether to go
// on. Throws os_error where no process can be started, stopped on a signal.
ConverterResult run_converter(const fs::path& program, const std::vector<std::string>& arguments,
                              const std::function<bool(std::string_view)>& take,
                              const ConverterLimits& limits = {});

}  // namespace film::sources
