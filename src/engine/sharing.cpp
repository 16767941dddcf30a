#include "film/engine/sharing.h"

#include <fmt/format.h>

#include "film/base/error.h"
#include "film/engine/train_settings.h"

namespace film::engine {
namespace {

// Ranks of one copy of the model.
int model_ranks(const TrainSettings& settings, int ranks, int on_node) {
  if (settings.shard == Shard::full) return ranks;
  if (settings.shard != Shard::hybrid) return 1;
  const auto asked = static_cast<int>(settings.shard_group);
  const int group = asked > 0 ? asked : on_node;
  if (ranks % group == 0) return group;
  throw config_error(
      fmt::format("shard=hybrid in groups of {} ranks{}: the run's {} ranks are no multiple of it", group,
                  asked > 0 ? "" : " (those of a node)", ranks),
      "set shard_group to a number that divides the ranks, or shard=full");
}

int sequence_ranks(const TrainSettings& settings, const ModelConfig& config, int ranks) {
  const auto asked = static_cast<int>(settings.sequence_parallel);
  if (config.num_key_value_heads % asked != 0)
    throw config_error(
        fmt::format(
            "sequence_parallel is {}: it shares out heads, and does not divide the model's {} key and "
            "value heads",
            asked, config.num_key_value_heads),
        "set it to a divisor of that number");
  if (ranks % asked != 0)
    throw config_error(
        fmt::format("sequence_parallel is {}: it does not divide the number of ranks, {}", asked, ranks),
        ranks == 1 ? "start as many processes with torchrun, srun or mpirun, or leave it at 1"
                   : "start a multiple of it, or set it to a divisor of the ranks");
  return asked;
}

}  // namespace

Sharing sharing_of(const TrainSettings& settings, const ModelConfig& config, int ranks, int on_node) {
  return {.shard = settings.shard,
          .ranks = ranks,
          .model = model_ranks(settings, ranks, on_node),
          .sequence = sequence_ranks(settings, config, ranks)};
}

}  // namespace film::engine
