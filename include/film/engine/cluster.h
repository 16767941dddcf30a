#pragma once
// GPUs of a cluster that is planned for: what their processes exchange, and how long that takes.
#include <cstdint>

#include "film/engine/device.h"
#include "film/engine/memory_plan.h"
#include "film/engine/sharing.h"

namespace film::engine {

struct Cluster {
  int gpus_per_node = 1, nodes = 1;
  double network = 50;  // GB/s each way, of each GPU, between nodes (InfiniBand NDR, one adapter a GPU)
  int ranks() const { return gpus_per_node * nodes; }
};

// Elements of the flat memory that ranks exchange, filled up so that it divides by them.
struct PartSizes {
  std::int64_t ends = 0, layer = 0, layers = 0;  // of embedding, norm and head; of a layer
  std::int64_t all() const { return ends + layers * layer; }
  std::int64_t buffers() const { return whole_layers(layers); }
};

// Rows of passes that ranks compute together: of one rank, and of all. Queries are answer rows in the last layer, all rows
// in the others.
struct SharedRowCounts {
  double own = 0, all = 0, own_answers = 0, all_answers = 0;
  double passes = 1;
};
// Bytes that passes hand to the exchange between the ranks that compute them together: attention's between rows and heads,
// forward and backward, and losses and hits. saved: what is not computed again, by layer.
double swapped_bytes(const ModelConfig& config, Precision precision, const std::vector<ActivationSet>& saved,
                     int sequence, const SharedRowCounts& rows);

// Bytes of tensors that each rank hands to each kind of exchange in one step that is applied.
struct StepTraffic {
  double summed = 0, scattered = 0, gathered = 0, swapped = 0;
  // Bytes that a rank sends, and receives, for them: the least that any algorithm needs.
  double wire(const Sharing& sharing) const;
};
// flat: elements of the flat buffers where every rank has them whole. passes: of each rank. Gradients are fp32.
StepTraffic step_traffic(std::int64_t flat, const PartSizes& parts, Precision precision,
                         const Sharing& sharing, double passes);

// Seconds of one step's exchanges. node_link: GB/s each way between GPUs of one node.
double exchange_seconds(const StepTraffic& traffic, const Sharing& sharing, const Cluster& cluster,
                        double node_link);

}  // namespace film::engine
