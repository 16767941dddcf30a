// What the kernel says about memory.
#include <malloc.h>

#include <fstream>
#include <string>

#include "film/base/machine.h"
#include "film/engine/memory_plan.h"

namespace film::engine {
namespace {

// A line "Name:   123 kB" of a /proc file, in bytes; 0 if it is not there.
std::uint64_t kibibytes(const char* file, const std::string& name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1)) << 10;
  return 0;
}

}  // namespace

void return_freed_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

std::uint64_t free_memory() { return usable_memory(); }

std::uint64_t resident_memory() { return kibibytes("/proc/self/status", "VmRSS"); }
std::uint64_t peak_memory() { return kibibytes("/proc/self/status", "VmHWM"); }

}  // namespace film::engine
