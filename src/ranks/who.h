#pragma once
// What a rank says of itself, and what that tells of the hosts of a run.
#include <cstdint>
#include <string>
#include <vector>

namespace film::ranks {

struct Who {
  std::string host, processors;  // that it may run on, as numbers: "0,1"
  std::int64_t process = 0;
  std::string name(int rank) const;  // "rank 1 on node7 (process 4242)"
};

Who this_process();

// Ranks on each host, where all have as many and those of a host are neighbours; else 0. The same on every rank.
int ranks_on_every_host(const std::vector<Who>& who);

}  // namespace film::ranks
