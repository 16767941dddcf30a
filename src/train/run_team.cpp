#include "run_team.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/error.h"
#include "film/base/parallel.h"
#include "film/base/sha256.h"

namespace film::train {
namespace {

// Of those that bind a run, and those by which the ranks decide what to do together.
std::string settings_digest(engine::TrainSettings settings) {
  Fields fields;
  settings.describe(fields);
  const std::string steps_together = fmt::format(
      "{} {} {} {} {} {}", name_of(settings.shard), settings.shard_group, settings.sequence_parallel,
      settings.save_every, settings.save_state, settings.max_bad_steps);
  return sha256(to_line(fields.result_settings()) + steps_together);
}

std::string shape_digest(engine::ModelConfig config) {
  Fields fields;
  config.describe(fields);
  return sha256(to_line(fields.result_settings()));
}

std::string plan_digest(const RunPlan& plan) {
  std::string text;
  for (const auto& stage : plan.stages)
    for (const batches::StepPlan& step : stage) {
      for (const batches::PackPlan& pack : step.packs)
        for (const batches::PlannedSequence& s : pack.sequences)
          text += fmt::format("{} {} {} {},", s.example, s.first_pair, s.pair_count, s.padding);
      text += fmt::format("{} {};", step.packs.size(), step.weights.of(1));
    }
  return sha256(text);
}

void require_equal(ranks::Team& team, const std::string& digest, const char* what, const char* hint) {
  const std::vector<std::string> all = team.gather(digest);
  const auto other = std::ranges::find_if(all, [&](const std::string& one) { return one != all[0]; });
  if (other != all.end())
    team.all_throw(
        config_error(fmt::format("rank {} has other {} than rank 0", other - all.begin(), what), hint));
}

}  // namespace

int threads_for(const engine::TrainSettings& settings, const ranks::Team& team) {
  if (settings.threads > 0) return static_cast<int>(settings.threads);
  return std::max(1, thread_count(0) / team.on_processors());
}

void require_same_settings(ranks::Team& team, const engine::TrainSettings& settings) {
  require_equal(team, settings_digest(settings), "settings",
                "start all ranks with the same command line and files");
}

void require_same_plan(ranks::Team& team, const RunPlan& plan) {
  require_equal(
      team, plan_digest(plan), "passes",
      "do all nodes read the same DATA, and have the same kind of device? else set device and pad_lengths");
}

namespace {

engine::Sharing fitting_sharing(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                                const ranks::Team& team) {
  const int on_node = team.on_every_host();
  if (on_node == 0 && settings.shard == engine::Shard::hybrid && settings.shard_group == 0)
    throw config_error(
        "shard=hybrid: the nodes have different numbers of ranks, or ranks that are no neighbours",
        "start as many on each node, node by node; or set shard_group");
  const engine::Sharing sharing = sharing_of(settings, config, team.size(), std::max(1, on_node));
  if (sharing.state() > 1 && settings.precision == engine::Precision::bfloat16 &&
      settings.save_type == engine::Precision::float32)
    throw config_error(
        fmt::format("shard={} with precision=bfloat16: no rank has all low bits of the fp32 weights, so "
                    "save_type=float32 cannot be written",
                    name_of(settings.shard)),
        "--set save_type=bfloat16: the low bits are saved beside the weights, and nothing is lost");
  return sharing;
}

}  // namespace

engine::Sharing sharing_for(const engine::TrainSettings& settings, const engine::ModelConfig& config,
                            ranks::Team& team) {
  require_equal(team, shape_digest(config), "model shape", "do all nodes see the same model folder?");
  try {
    return fitting_sharing(settings, config, team);
  } catch (const Error& failure) {
    team.all_throw(failure);  // all find the same: settings, shape and hosts are
  }
}

}  // namespace film::train
