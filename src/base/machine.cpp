#include "film/base/machine.h"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "film/base/as_number.h"

namespace film {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

// The first number of a file; none for "max", for version 1's -1, and where there is no such file.
std::optional<std::uint64_t> number_in(const fs::path& file) {
  std::ifstream in(file);
  std::string word;
  in >> word;
  return as_number<std::uint64_t>(word);
}

// A line "Name:   123 kB" of a file of /proc, in bytes.
std::uint64_t kibibytes(const fs::path& file, const std::string& name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(name + ":")) continue;
    const std::size_t digits = line.find_first_of("0123456789");
    std::uint64_t value = 0;
    if (digits != std::string::npos) std::from_chars(line.data() + digits, line.data() + line.size(), value);
    return value << 10;
  }
  return 0;
}

// The folders of the process's control group for a controller and of all groups around it. A container may see the path
// of its group without the folder; then its own group is mounted at the top.
std::vector<fs::path> group_folders(const fs::path& root, const std::string& controller) {
  std::vector<fs::path> folders;
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {  // number:controllers:path, version 2 with no controllers
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool is_version_2 = names == ",,";
    if (!is_version_2 && names.find("," + controller + ",") == std::string::npos) continue;
    const fs::path mount = root / "sys/fs/cgroup" / (is_version_2 ? "" : controller);
    fs::path group = fs::path(line.substr(second + 1)).relative_path();
    for (; !group.empty(); group = group.parent_path()) folders.push_back(mount / group);
    folders.push_back(mount);
  }
  return folders;
}

// Processor time of one group as a number of cores: version 2 "quota period", version 1 two files.
std::uint64_t cores_allowed(const fs::path& group) {
  std::uint64_t quota = 0, period = 0;
  std::ifstream version_2(group / "cpu.max");
  if (!(version_2 >> quota >> period)) {
    quota = number_in(group / "cpu.cfs_quota_us").value_or(0);
    period = number_in(group / "cpu.cfs_period_us").value_or(0);
  }
  if (quota == 0 || period == 0) return kNoLimit;
  return std::max<std::uint64_t>(1, (quota + period / 2) / period);
}

// Cores that the scheduler lets this process run on. Machines may have more than a cpu_set_t holds.
std::uint64_t cores_of_affinity() {
  for (std::size_t cores = 1024; cores <= 1 << 20; cores *= 2) {
    cpu_set_t* set = CPU_ALLOC(cores);
    if (set == nullptr) break;
    const std::size_t bytes = CPU_ALLOC_SIZE(cores);
    const bool known = ::sched_getaffinity(0, bytes, set) == 0;
    const int count = known ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (count > 0) return static_cast<std::uint64_t>(count);
  }
  return std::max(1U, std::thread::hardware_concurrency());
}

struct GroupMemory {
  std::uint64_t limit = kNoLimit, used = 0;
};

GroupMemory memory_of(const fs::path& group) {
  const bool is_version_2 = fs::exists(group / "memory.max");
  GroupMemory memory;
  memory.limit =
      number_in(group / (is_version_2 ? "memory.max" : "memory.limit_in_bytes")).value_or(kNoLimit);
  memory.used = number_in(group / (is_version_2 ? "memory.current" : "memory.usage_in_bytes")).value_or(0);
  return memory;
}

}  // namespace

int usable_cores(const fs::path& root) {
  std::uint64_t cores = cores_of_affinity();
  for (const fs::path& group : group_folders(root, "cpu")) cores = std::min(cores, cores_allowed(group));
  return static_cast<int>(cores);
}

std::uint64_t usable_memory(const fs::path& root) {
  std::uint64_t bytes = kibibytes(root / "proc/meminfo", "MemAvailable");
  for (const fs::path& group : group_folders(root, "memory")) {
    const GroupMemory memory = memory_of(group);
    if (memory.limit != kNoLimit)
      bytes = std::min(bytes, memory.limit > memory.used ? memory.limit - memory.used : 0);
  }
  return bytes;
}

std::uint64_t total_memory(const fs::path& root) {
  std::uint64_t bytes = kibibytes(root / "proc/meminfo", "MemTotal");
  for (const fs::path& group : group_folders(root, "memory")) bytes = std::min(bytes, memory_of(group).limit);
  return bytes;
}

}  // namespace film
