// Which GPU a rank computes on, and what its attention takes there.
#include "train/fitting_plan.h"

#include <gtest/gtest.h>

#include <cmath>

#include "../support/failure.h"

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

// Attention that is written out holds a number for each pair of rows of each head that a rank has.
TEST(FittingPlan, LongerSequencesFitWhereRanksShareTheHeads) {
  engine::TrainSettings settings;
  settings.precision = engine::Precision::float32;
  const auto takes = [&](int sequence, std::int64_t tile) {
    engine::PlanDevice gpu(engine::DeviceKind::gpu, 9, 132);
    gpu.sharing = {.ranks = 8, .sequence = sequence};
    return support::code_of([&] { require_attention(tile, settings, {}, gpu); }) == ExitCode::ok;
  };
  const auto longest = [&](int sequence) {
    std::int64_t rows = 0;
    for (std::int64_t step = 1 << 20; step > 0; step /= 2)
      if (takes(sequence, rows + step)) rows += step;
    return static_cast<double>(rows);
  };
  const double alone = longest(1);
  for (const int sequence : {2, 4, 8})
    EXPECT_NEAR(longest(sequence), alone * std::sqrt(sequence), 3) << sequence;
}

TEST(FittingPlan, EachGroupOfRanksTakesMemoryOfAGpu) {
  constexpr std::uint64_t kGiB = 1ull << 30;
  using engine::Shard;
  for (const auto& [sharing, groups] :
       {std::pair<engine::Sharing, std::uint64_t>{{}, 0},
        {{.ranks = 8}, 1},
        {{.ranks = 8, .sequence = 8}, 2},
        {{.shard = Shard::full, .ranks = 16, .model = 16, .sequence = 8}, 2},
        {{.shard = Shard::hybrid, .ranks = 16, .model = 8, .sequence = 8}, 3}}) {
    PlanTarget gpu{.device = {engine::DeviceKind::gpu, 9, 132}, .places = {}}, cpu;
    gpu.share(sharing);
    cpu.share(sharing);
    EXPECT_EQ(gpu.places.base, groups * kGiB);
    EXPECT_EQ(cpu.places.base, 0u);
  }
}

}  // namespace
}  // namespace film::train
