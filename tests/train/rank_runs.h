#pragma once
// Runs of several processes beside the run of one: what has to be equal, and what they exchange.
#include <ATen/Parallel.h>

#include "../support/processes.h"
#include "film/checkpoint/checkpoint.h"
#include "film/engine/cluster.h"
#include "film/model/flat_memory.h"
#include "film/model/shard_memory.h"
#include "support.h"

namespace film::testing {

// The whole command in `ranks` processes; fails the test unless all end with `code`.
inline void train_by(int ranks, const engine::TrainSettings& settings, const fs::path& out, int code = 0,
                     const std::function<void(const engine::RankPlace&)>& before = {}) {
  Processes processes(ranks, out.string() + ".log", [&](const engine::RankPlace& place) {
    at::set_num_threads(1);
    if (before) before(place);
    run_train(settings, out, place);
  });
  const std::vector<int> codes = processes.codes(100);
  ASSERT_EQ(codes, std::vector<int>(static_cast<std::size_t>(ranks), code)) << processes.said_by(0);
}

inline at::Tensor final_weights(const fs::path& run) {
  const std::string last = read_json(run / "manifest.json").at("final_checkpoint");
  const checkpoint::SafetensorsFile file(run / last / "model.safetensors");
  std::vector<at::Tensor> all;
  for (const std::string& name : file.names()) all.push_back(file.tensor(name).to(at::kDouble).flatten());
  return at::cat(all);
}

inline std::vector<Json> rows(const fs::path& run) {
  std::vector<Json> list;
  for_each_record(run / "metrics.jsonl", [&](const Json& row, const std::string&) { list.push_back(row); });
  return list;
}

// Sums in another order: some units in the last place of fp32, more where AdamW divides by small moments.
inline void expect_same_run(const fs::path& run, const fs::path& whole, double tolerance) {
  const std::vector<Json> got = rows(run), want = rows(whole);
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    for (const char* key : {"step", "stage", "pairs", "tokens", "applied"})
      EXPECT_EQ(got[i][key], want[i][key]) << key;
    for (const char* key : {"loss", "gradient_norm"})
      EXPECT_NEAR(got[i][key].get<double>(), want[i][key].get<double>(),
                  tolerance * want[i][key].get<double>())
          << key << i;
  }
  const at::Tensor a = final_weights(run), b = final_weights(whole);
  EXPECT_LT(((a - b).norm() / b.norm()).item<double>(), tolerance);
}

inline engine::TrainSettings small(const fs::path& folder) {
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  settings.pack_tokens = 150;
  settings.stages[0].steps = 3;
  settings.stages[1].steps = 2;
  settings.ranks.join_within = 60;
  settings.ranks.lost_after = 30;
  return settings;
}

inline constexpr double kNoise = 2e-5;

struct Mode {
  const char* name;
  engine::Shard shard;
  int group = 0, sequence = 1;
};

inline engine::TrainSettings with(engine::TrainSettings settings, const Mode& mode) {
  settings.shard = mode.shard;
  settings.shard_group = mode.group;
  settings.sequence_parallel = mode.sequence;
  return settings;
}

// Bytes that a run hands to each kind of exchange: those of its steps, and of its checkpoints where layers are gathered.
inline engine::StepTraffic planned_bytes(const fs::path& run, const engine::TrainSettings& settings,
                                         const engine::Sharing& sharing) {
  const engine::PartSizes parts = model::part_sizes(sharing.model, settings.model);
  const std::int64_t flat = model::flat_elements(sharing.state(), settings.model);
  engine::StepTraffic sum;
  std::size_t checkpoints = 1;  // the first
  for (const Json& row : rows(run)) {
    const auto packs = row.at("packs").get<int>();
    const int passes = (packs + sharing.teams() - 1) / sharing.teams();
    const engine::StepTraffic step = engine::step_traffic(flat, parts, settings.precision, sharing, passes);
    sum.summed += step.summed;
    sum.scattered += step.scattered;
    sum.gathered += step.gathered;
    checkpoints += row.at("step").get<std::int64_t>() % settings.save_every == 0 ? 1 : 0;
  }
  checkpoints += static_cast<std::int64_t>(rows(run).size()) % settings.save_every == 0 ? 0 : 1;
  if (sharing.gathers())
    sum.gathered += static_cast<double>(checkpoints * static_cast<std::size_t>(parts.all()) *
                                        static_cast<std::size_t>(engine::weight_bytes(settings.precision)));
  return sum;
}

// What was handed to each kind of exchange is what a plan says, to the byte.
inline void expect_planned_bytes(const fs::path& run, const engine::TrainSettings& settings, int ranks) {
  const Json exchanged = read_json(run / "memory.json").at("exchanged");
  const engine::StepTraffic planned =
      planned_bytes(run, settings, engine::sharing_of(settings, settings.model, ranks, ranks));
  EXPECT_EQ(exchanged.at("summed"), planned.summed);
  EXPECT_EQ(exchanged.at("scattered"), planned.scattered);
  EXPECT_EQ(exchanged.at("gathered"), planned.gathered);
}

}  // namespace film::testing
