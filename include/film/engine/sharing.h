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
  int sharers() const {
    return gathers() ? model : ranks;
  }                                                 // between which weights and gradients go to and fro
  int copies() const { return ranks / sharers(); }  // of what they share
  // Groups of several ranks in which a rank exchanges tensors: sharers, those with copies of its part, its team.
  int groups() const { return (sharers() > 1 ? 1 : 0) + (copies() > 1 ? 1 : 0) + (sequence > 1 ? 1 : 0); }
  // Every pass waits for other ranks: whoever has none takes part all the same.
  bool in_step() const { return model > 1 || sequence > 1; }
  bool operator==(const Sharing&) const = default;
};

// Of a model's layers, how many a rank that shares it has whole at a time: one is computed while the next one comes.
constexpr std::int64_t whole_layers(std::int64_t layers) { return layers < 2 ? layers : 2; }

// Query heads that attention has in one rank.
inline std::int64_t heads_of(const ModelConfig& config, const Sharing& sharing) {
  return config.num_attention_heads / sharing.sequence;
}

// on_node: ranks on each node. Throws config_error where the settings do not fit the ranks or the model.
Sharing sharing_of(const TrainSettings& settings, const ModelConfig& config, int ranks, int on_node);

}  // namespace film::engine
