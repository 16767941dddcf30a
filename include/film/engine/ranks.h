#pragma once
// Which of the processes ("ranks") of a run this one is, as its launcher says, and how the ranks share a run.
#include <functional>
#include <optional>
#include <string>

#include "film/base/enum_names.h"
#include "film/base/settings.h"

namespace film::engine {

// What each rank keeps a part of; everything else is on all of them.
enum class Shard {
  none,       // nothing: gradients are summed, every rank makes the same step
  optimizer,  // moments and remainders: a rank steps its slice of the parameters, then slices are exchanged
  full,       // weights and gradients too: a layer is whole only while it is computed
  hybrid      // the same among the ranks of a group (shard_group), with a copy in each group
};
constexpr auto enum_names(Shard) {
  return std::array{EnumName{Shard::none, "none"}, EnumName{Shard::optimizer, "optimizer"},
                    EnumName{Shard::full, "full"}, EnumName{Shard::hybrid, "hybrid"}};
}

struct RankSettings {
  double lost_after = 60;    // seconds without a sign of life
  double slow_after = 1800;  // seconds that the others wait in one exchange
  double join_within = 600;  // seconds from the first rank to the last
  void describe(Fields& f);
};

enum class Launcher { none, torchrun, open_mpi, mpich, slurm };
constexpr auto enum_names(Launcher) {
  return std::array{EnumName{Launcher::none, "no launcher"}, EnumName{Launcher::torchrun, "torchrun"},
                    EnumName{Launcher::open_mpi, "Open MPI"}, EnumName{Launcher::mpich, "MPICH"},
                    EnumName{Launcher::slurm, "Slurm"}};
}

struct RankPlace {
  Launcher launcher = Launcher::none;
  int rank = 0, size = 1;    // of all processes
  int local_rank = 0;        // on this node: the number of its GPU
  std::string address = {};  // where all ranks meet
  int port = 0;
  bool served = false;  // by the launcher; else by rank 0
  int attempt = 0;      // how often the launcher has started this run before
};

// Value of a variable; nothing where it is not set or empty.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// The innermost launcher counts: torchrun, else Open MPI, else MPICH, else Slurm (an mpirun inside a Slurm job starts its
// processes below tasks of Slurm's). Throws config_error for variables that are missing, are no numbers or contradict
// each other.
RankPlace find_rank(const Environment& environment);
RankPlace find_rank();  // of this process

// First host of a list as Slurm writes it: "rack[2-3]n[001-016,20],login" gives "rack2n001".
std::string first_host(const std::string& list);

}  // namespace film::engine
