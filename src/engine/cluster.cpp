#include "film/engine/cluster.h"

#include <algorithm>

#include "film/engine/memory_plan.h"

namespace film::engine {

double StepTraffic::wire(int ranks) const {
  const double others = static_cast<double>(ranks - 1) / ranks;
  return others *
         (2 * static_cast<double>(summed) + static_cast<double>(scattered) + static_cast<double>(gathered));
}

StepTraffic step_traffic(std::int64_t flat_elements, Precision precision, Shard shard, int ranks) {
  constexpr std::uint64_t kGradient = 4;
  const auto elements = static_cast<std::uint64_t>(flat_elements);
  if (ranks == 1) return {};
  if (shard == Shard::none) return {.summed = kGradient * elements};
  return {.scattered = kGradient * elements,
          .gathered = static_cast<std::uint64_t>(weight_bytes(precision)) * elements};
}

double exchange_seconds(const StepTraffic& traffic, const Cluster& cluster, double node_link) {
  constexpr double kGiga = 1e9, kOfLink = 0.75;  // what large exchanges reach of a link
  const double slowest = cluster.nodes > 1 ? std::min(cluster.network, node_link) : node_link;
  return traffic.wire(cluster.ranks()) / (kOfLink * slowest * kGiga);
}

}  // namespace film::engine
