#pragma once
// Which ranks of a run have what: parts of the optimizer's state, of weights and gradients, of a sequence.
#include "film/engine/model_config.h"
#include "film/engine/ranks.h"

namespace film::engine {

struct TrainSettings;

struct Sharing {
  Shard shard = Shard::none;
  int ranks = 1;     // of the run
  int model = 1;     // neighbours that have the parts of one copy of weights and gradients
  int sequence = 1;  // neighbours that compute a sequence together

  int state() const { return shard == Shard::optimizer ? ranks : model; }  // parts of the optimizer's state
  int teams() const { return ranks / sequence; }                           // that compute passes apart
  bool gathers() const { return model > 1; }
  // Every pass waits for other ranks: whoever has none takes part all the same.
  bool in_step() const { return model > 1 || sequence > 1; }
  bool operator==(const Sharing&) const = default;
};

// on_node: ranks on each node. Throws config_error where the settings do not fit the ranks or the model.
Sharing sharing_of(const TrainSettings& settings, const ModelConfig& config, int ranks, int on_node);

}  // namespace film::engine
