// Bytes and seconds of what the GPUs of a cluster exchange.
#include "film/engine/cluster.h"

#include <gtest/gtest.h>

namespace film::engine {
namespace {

constexpr std::int64_t k7B = 7'241'732'096;

constexpr PartSizes kParts{.ends = 100, .layer = 300, .layers = 3};  // 1,000 in all

StepTraffic traffic(Precision precision, const Sharing& sharing, double passes = 1) {
  return step_traffic(kParts.all(), kParts, precision, sharing, passes);
}

TEST(Cluster, BytesOfAStepOfWholeModels) {
  const Sharing none{.ranks = 4}, split{.shard = Shard::optimizer, .ranks = 4};
  EXPECT_EQ(traffic(Precision::bfloat16, {}).wire({}), 0);
  const StepTraffic sums = traffic(Precision::bfloat16, none), slices = traffic(Precision::bfloat16, split),
                    wide = traffic(Precision::float32, split);
  EXPECT_EQ(sums.summed, 4000);
  EXPECT_EQ(slices.scattered, 4000);
  EXPECT_EQ(slices.gathered, 2000);
  EXPECT_EQ(wide.gathered, 4000);
  EXPECT_DOUBLE_EQ(sums.wire(none), 6000);
  EXPECT_DOUBLE_EQ(slices.wire(split), 4500);  // less than a sum where weights are narrower than gradients
  EXPECT_DOUBLE_EQ(wide.wire(split), sums.wire(none));
}

// Of three layers two stay where they are at every turn.
TEST(Cluster, BytesOfAStepOfSharedModels) {
  const Sharing full{.shard = Shard::full, .ranks = 4, .model = 4},
      hybrid{.shard = Shard::hybrid, .ranks = 4, .model = 2};
  const StepTraffic one = traffic(Precision::bfloat16, full), three = traffic(Precision::bfloat16, full, 3),
                    groups = traffic(Precision::bfloat16, hybrid);
  EXPECT_EQ(one.gathered, 2 * (100 + 2 * 300 + 2 * 300));
  EXPECT_EQ(one.scattered, 4 * (100 + 3 * 300));
  EXPECT_EQ(three.gathered, 2 * (100 + 2 * 300 + 6 * 300));
  EXPECT_EQ(three.scattered, 4 * (100 + 9 * 300));
  EXPECT_EQ(one.summed, 0);
  EXPECT_DOUBLE_EQ(one.wire(full), (one.gathered + one.scattered) * 3 / 4);
  EXPECT_EQ(groups.gathered, one.gathered);
  EXPECT_EQ(groups.summed, 4 * 1000 / 2);
  EXPECT_DOUBLE_EQ(groups.wire(hybrid), (groups.gathered + groups.scattered) / 2 + groups.summed);
  const PartSizes shallow{.ends = 10, .layer = 20, .layers = 1};
  EXPECT_EQ(step_traffic(30, shallow, Precision::float32, full, 5).gathered, 4 * 30);
}

// A ring is as fast as its slowest link, and nearly as slow for 8 as for 128.
TEST(Cluster, TheSlowestLinkDecides) {
  const auto seconds = [](int gpus, int nodes, double network, Shard shard = Shard::optimizer) {
    const Cluster cluster{gpus, nodes, network};
    const int ranks = cluster.ranks();
    const Sharing sharing{.shard = shard,
                          .ranks = ranks,
                          .model = shard == Shard::full     ? ranks
                                   : shard == Shard::hybrid ? gpus
                                                            : 1};
    const PartSizes parts{.ends = k7B - 32 * 200'000'000ll, .layer = 200'000'000, .layers = 32};
    return exchange_seconds(step_traffic(k7B, parts, Precision::bfloat16, sharing, 1), sharing, cluster, 450);
  };
  EXPECT_LT(seconds(8, 1, 50), 0.2);
  EXPECT_GT(seconds(8, 2, 50), 5 * seconds(8, 1, 50));
  EXPECT_NEAR(seconds(8, 16, 50) / seconds(8, 2, 50), (127. / 128) / (15. / 16), 1e-9);
  EXPECT_NEAR(seconds(8, 2, 25), 2 * seconds(8, 2, 50), 1e-9);
  EXPECT_EQ(seconds(8, 2, 1000), seconds(8, 2, 450));
  EXPECT_GT(seconds(8, 2, 50, Shard::full), 1.2 * seconds(8, 2, 50));  // weights go twice
  EXPECT_LT(seconds(8, 2, 50, Shard::hybrid), seconds(8, 2, 50) / 2);  // an eighth leaves the node
}

}  // namespace
}  // namespace film::engine
