#include "who.h"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>

#include "film/base/strings.h"

namespace film::ranks {
namespace {

std::string host_name() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name;
}

std::string processors() {
  cpu_set_t set;
  std::vector<std::string> numbers;
  if (::sched_getaffinity(0, sizeof set, &set) == 0)
    for (int i = 0; i < CPU_SETSIZE; ++i)
      if (CPU_ISSET(i, &set)) numbers.push_back(std::to_string(i));
  return join(numbers, ",");
}

}  // namespace

std::string Who::name(int rank) const {
  return fmt::format("rank {} on {} (process {})", rank, host, process);
}

Who this_process() { return {host_name(), processors(), ::getpid()}; }

int ranks_on_every_host(const std::vector<Who>& who) {
  const auto width = std::ranges::count(who, who.at(0).host, &Who::host);
  for (std::size_t rank = 0; rank < who.size(); ++rank) {
    const std::string& host =
        who[rank / static_cast<std::size_t>(width) * static_cast<std::size_t>(width)].host;
    if (who[rank].host != host || std::ranges::count(who, host, &Who::host) != width) return 0;
  }
  return static_cast<int>(width);
}

}  // namespace film::ranks
