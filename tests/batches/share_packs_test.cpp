// Packs of a step shared out to several processes: every pack once, costs about equal, the same everywhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "../support/packs.h"
#include "film/base/random.h"

namespace film::batches {
namespace {

std::vector<PackPlan> packs_of_costs(const std::vector<double>& costs) {
  std::vector<PackPlan> packs;
  for (const double cost : costs) packs.push_back({.sequences = {}, .cost = cost});
  return packs;
}

TEST(SharePacks, EveryPackOnceTheCostliestApart) {
  for (const int ranks : {1, 2, 3, 7}) {
    std::vector<double> costs(23);
    for (std::size_t i = 0; i < costs.size(); ++i)
      costs[i] = 1 + static_cast<double>(Random(5, "cost", i).below(90));
    const auto shares = share_packs(packs_of_costs(costs), ranks);
    ASSERT_EQ(shares.size(), static_cast<std::size_t>(ranks));
    std::vector<std::size_t> all;
    double most = 0, least = 1e30;
    for (const auto& share : shares) {
      EXPECT_TRUE(std::ranges::is_sorted(share));
      all.insert(all.end(), share.begin(), share.end());
      double cost = 0;
      for (const std::size_t pack : share) cost += costs[pack];
      most = std::max(most, cost);
      least = std::min(least, cost);
    }
    std::ranges::sort(all);
    std::vector<std::size_t> each(costs.size());
    std::iota(each.begin(), each.end(), std::size_t{0});
    EXPECT_EQ(all, each);
    EXPECT_LE(most - least, std::ranges::max(costs)) << ranks;
  }
}

TEST(SharePacks, MoreProcessesThanPacks) {
  const auto shares = share_packs(packs_of_costs({4, 9}), 4);
  EXPECT_EQ(shares[0], std::vector<std::size_t>{1});
  EXPECT_EQ(shares[1], std::vector<std::size_t>{0});
  EXPECT_TRUE(shares[2].empty() && shares[3].empty());
}

TEST(SharePacks, InStepThoseOfAPassAreAlike) {
  using Shares = std::vector<std::vector<std::size_t>>;
  EXPECT_EQ(share_packs_in_step(packs_of_costs({10, 1, 1, 9, 2}), 2), (Shares{{0, 4, 2}, {3, 1}}));
  EXPECT_EQ(share_packs_in_step(packs_of_costs({1, 2, 3, 4, 5, 6}), 3), (Shares{{5, 2}, {4, 1}, {3, 0}}));
  EXPECT_EQ(share_packs_in_step(packs_of_costs({7, 7}), 3), (Shares{{0}, {1}, {}}));
}

// Ten sequences of which four fit a pack: three packs for one process, four for two or four, and never an empty one.
TEST(SharePacks, TheNumberOfPacksIsAMultipleOfTheProcesses) {
  const std::vector<ExampleShape> step(10, ExampleShape{20, {{3, 2}}});
  for (const auto& [multiple, packs] :
       std::vector<std::pair<std::size_t, std::size_t>>{{1, 3}, {2, 4}, {4, 4}, {7, 7}, {16, 10}}) {
    PackOptions options = testing::Packing{100, engine::LossWeighting::sample, true};
    options.multiple = multiple;
    const auto plans = plan_packs(step, options);
    EXPECT_EQ(plans.size(), packs) << multiple;
    std::size_t sequences = 0;
    for (const PackPlan& plan : plans) {
      EXPECT_FALSE(plan.sequences.empty());
      sequences += plan.sequences.size();
    }
    EXPECT_EQ(sequences, step.size());
  }
}

}  // namespace
}  // namespace film::batches
