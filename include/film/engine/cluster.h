#pragma once
// GPUs of a cluster that is planned for: what their processes exchange, and how long that takes.
#include <cstdint>

#include "film/engine/device.h"
#include "film/engine/ranks.h"

namespace film::engine {

struct Cluster {
  int gpus_per_node = 1, nodes = 1;
  double network = 50;  // GB/s each way, of each GPU, between nodes (InfiniBand NDR, one adapter a GPU)
  int ranks() const { return gpus_per_node * nodes; }
};

// Bytes of tensors that each rank hands to each kind of exchange in one step that is applied.
struct StepTraffic {
  std::uint64_t summed = 0, scattered = 0, gathered = 0;
  // Bytes that a rank sends, and receives, for them in a ring of so many: the least that any algorithm needs.
  double wire(int ranks) const;
};
// flat_elements: of the model's flat buffers for so many ranks. Gradients are fp32.
StepTraffic step_traffic(std::int64_t flat_elements, Precision precision, Shard shard, int ranks);

// Seconds of one step's exchanges. node_link: GB/s each way between GPUs of one node.
double exchange_seconds(const StepTraffic& traffic, const Cluster& cluster, double node_link);

}  // namespace film::engine
