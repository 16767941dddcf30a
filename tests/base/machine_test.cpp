// What a process may use, read from made-up /proc and /sys folders: control groups of both versions, nested, in
// containers, without limits, and damaged.
#include "film/base/machine.h"

#include <sched.h>

#include <map>

#include "support.h"

namespace film {
namespace {

struct Case {
  const char* name;
  std::map<std::string, std::string> files;
  int cores;  // 0: as many as without any group
  std::uint64_t memory;
};

constexpr const char* kMeminfo = "MemTotal:        2000000 kB\nMemAvailable:    1000000 kB\n";
constexpr std::uint64_t kAll = 1'000'000ULL << 10;

std::vector<Case> cases() {
  return {
      {"no groups", {}, 0, kAll},
      {"version 2, half a core",
       {{"proc/self/cgroup", "0::/job\n"}, {"sys/fs/cgroup/job/cpu.max", "50000 100000\n"}},
       1,
       kAll},
      {"version 2, no limit",
       {{"proc/self/cgroup", "0::/job\n"},
        {"sys/fs/cgroup/job/cpu.max", "max 100000\n"},
        {"sys/fs/cgroup/job/memory.max", "max\n"}},
       0,
       kAll},
      {"version 2, the limit is on a group around it",
       {{"proc/self/cgroup", "0::/slice/job/step\n"},
        {"sys/fs/cgroup/slice/cpu.max", "100000 100000\n"},
        {"sys/fs/cgroup/slice/job/cpu.max", "800000 100000\n"},
        {"sys/fs/cgroup/slice/memory.max", "5000000\n"},
        {"sys/fs/cgroup/slice/memory.current", "1000000\n"},
        {"sys/fs/cgroup/slice/job/step/memory.max", "4500000\n"}},
       1,
       4'000'000},
      {"version 2 in a container: the folder of the group is not there",
       {{"proc/self/cgroup", "0::/docker/0123\n"},
        {"sys/fs/cgroup/cpu.max", "100000 100000\n"},
        {"sys/fs/cgroup/memory.max", "7000000\n"},
        {"sys/fs/cgroup/memory.current", "8000000\n"}},
       1,
       0},
      {"version 1",
       {{"proc/self/cgroup", "4:memory:/job\n3:cpu,cpuacct:/job\n"},
        {"sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "100000\n"},
        {"sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n"},
        {"sys/fs/cgroup/memory/job/memory.limit_in_bytes", "3000000\n"},
        {"sys/fs/cgroup/memory/job/memory.usage_in_bytes", "500000\n"}},
       1,
       2'500'000},
      {"version 1, no limit",
       {{"proc/self/cgroup", "3:cpu,cpuacct:/\n4:memory:/\n"},
        {"sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"},
        {"sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"},
        {"sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"}},
       0,
       kAll},
      {"damaged",
       {{"proc/self/cgroup", "\n:\nabc\n0::\n0::/../..\n"},
        {"sys/fs/cgroup/cpu.max", "many\n"},
        {"sys/fs/cgroup/memory.max", "12 GB\n"}},
       0,
       12},
  };
}

TEST(Machine, ControlGroupsCount) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    const testing_base::TempFolder root;
    auto files = c.files;
    files["proc/meminfo"] = kMeminfo;
    for (const auto& [path, content] : files) {
      fs::create_directories((root.path() / path).parent_path());
      write_file(root.path() / path, content);
    }
    EXPECT_EQ(usable_cores(root.path()), c.cores == 0 ? usable_cores("/nowhere") : c.cores);
    EXPECT_EQ(usable_memory(root.path()), c.memory);
    EXPECT_LE(total_memory(root.path()), 2'000'000ULL << 10);
  }
}

TEST(Machine, TheSchedulersChoiceCounts) {
  cpu_set_t before;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; CPU_COUNT(&one) == 0; ++cpu)
    if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(usable_cores(), 1);
  ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
}

TEST(Machine, ThisOneHasBoth) {
  EXPECT_GE(usable_cores(), 1);
  EXPECT_GT(usable_memory(), 1U << 20);
  EXPECT_GE(total_memory(), usable_memory());
}

}  // namespace
}  // namespace film
