// Which GPU a rank computes on.
#include <gtest/gtest.h>

#include "../support/failure.h"
#include "train/fitting_plan.h"

namespace film::train {
namespace {

using engine::Launcher;
using engine::RankPlace;

RankPlace local(Launcher launcher, int local_rank) {
  RankPlace place;
  place.launcher = launcher;
  place.rank = 8 + local_rank;
  place.size = 16;
  place.local_rank = local_rank;
  return place;
}

TEST(GpuOfRank, IsThatOfItsNumberOnTheNodeOrItsOnlyOne) {
  EXPECT_EQ(gpu_of(local(Launcher::torchrun, 0), 1), 0);
  EXPECT_EQ(gpu_of(local(Launcher::torchrun, 7), 8), 7);
  EXPECT_EQ(gpu_of(local(Launcher::slurm, 3), 4), 3);
  EXPECT_EQ(gpu_of(local(Launcher::slurm, 3), 1), 0);  // --gpus-per-task=1
  EXPECT_EQ(gpu_of(local(Launcher::open_mpi, 1), 4), 1);
}

TEST(GpuOfRank, MoreRanksThanGpusAreRefused) {
  for (const auto& [place, gpus] : std::vector<std::pair<RankPlace, int>>{
           {local(Launcher::torchrun, 1), 1}, {local(Launcher::slurm, 4), 4}, {local(Launcher::mpich, 2), 2}})
    EXPECT_EQ(support::code_of([&] { gpu_of(place, gpus); }), ExitCode::config);
}

}  // namespace
}  // namespace film::train
