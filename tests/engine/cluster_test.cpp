// Bytes and seconds of what the GPUs of a cluster exchange.
#include "film/engine/cluster.h"

#include <gtest/gtest.h>

namespace film::engine {
namespace {

constexpr std::int64_t k7B = 7'241'732'096;

TEST(Cluster, BytesOfAStep) {
  EXPECT_EQ(step_traffic(k7B, Precision::bfloat16, Shard::none, 1).wire(1), 0);
  const StepTraffic none = step_traffic(1000, Precision::bfloat16, Shard::none, 4),
                    split = step_traffic(1000, Precision::bfloat16, Shard::optimizer, 4),
                    wide = step_traffic(1000, Precision::float32, Shard::optimizer, 4);
  EXPECT_EQ(none.summed, 4000u);
  EXPECT_EQ(split.scattered, 4000u);
  EXPECT_EQ(split.gathered, 2000u);
  EXPECT_EQ(wide.gathered, 4000u);
  EXPECT_DOUBLE_EQ(none.wire(4), 6000);
  EXPECT_DOUBLE_EQ(split.wire(4), 4500);  // less than a sum where weights are narrower than gradients
  EXPECT_DOUBLE_EQ(wide.wire(4), none.wire(4));
}

// A ring is as fast as its slowest link, and nearly as slow for 8 as for 128.
TEST(Cluster, TheSlowestLinkDecides) {
  const auto seconds = [](int gpus, int nodes, double network) {
    const Cluster cluster{gpus, nodes, network};
    return exchange_seconds(step_traffic(k7B, Precision::bfloat16, Shard::optimizer, cluster.ranks()),
                            cluster, 450);
  };
  EXPECT_LT(seconds(8, 1, 50), 0.2);
  EXPECT_GT(seconds(8, 2, 50), 5 * seconds(8, 1, 50));
  EXPECT_NEAR(seconds(8, 16, 50) / seconds(8, 2, 50), (127. / 128) / (15. / 16), 1e-9);
  EXPECT_NEAR(seconds(8, 2, 25), 2 * seconds(8, 2, 50), 1e-9);
  EXPECT_EQ(seconds(8, 2, 1000), seconds(8, 2, 450));
}

}  // namespace
}  // namespace film::engine
