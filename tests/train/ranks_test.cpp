// Several processes train as one does: the same examples in the same order, losses and weights equal but for the order of
// sums; what was saved by some is resumed by others.
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>

#include "../support/processes.h"
#include "film/base/manifest.h"
#include "film/base/signals.h"
#include "film/checkpoint/safetensors.h"
#include "film/engine/cluster.h"
#include "film/model/flat_memory.h"
#include "support.h"

namespace film::train {
namespace {

using engine::Precision;
using engine::Shard;
using testing::fresh_folder;
using testing::make_data;
using testing::Processes;

// The whole command in `ranks` processes; fails the test unless all end with `code`.
void train_by(int ranks, const engine::TrainSettings& settings, const fs::path& out, int code = 0,
              const std::function<void(const engine::RankPlace&)>& before = {}) {
  Processes processes(ranks, out.string() + ".log", [&](const engine::RankPlace& place) {
    at::set_num_threads(1);
    if (before) before(place);
    testing::run_train(settings, out, place);
  });
  const std::vector<int> codes = processes.codes(100);
  ASSERT_EQ(codes, std::vector<int>(static_cast<std::size_t>(ranks), code)) << processes.said_by(0);
}

Tensor final_weights(const fs::path& run) {
  const std::string last = read_json(run / "manifest.json").at("final_checkpoint");
  const checkpoint::SafetensorsFile file(run / last / "model.safetensors");
  std::vector<Tensor> all;
  for (const std::string& name : file.names()) all.push_back(file.tensor(name).to(at::kDouble).flatten());
  return at::cat(all);
}

std::vector<Json> rows(const fs::path& run) {
  std::vector<Json> list;
  for_each_record(run / "metrics.jsonl", [&](const Json& row, const std::string&) { list.push_back(row); });
  return list;
}

// Sums in another order: some units in the last place of fp32, more where AdamW divides by small moments.
void expect_same_run(const fs::path& run, const fs::path& whole, double tolerance) {
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
  const Tensor a = final_weights(run), b = final_weights(whole);
  EXPECT_LT(((a - b).norm() / b.norm()).item<double>(), tolerance);
}

engine::TrainSettings small(const fs::path& folder) {
  engine::TrainSettings settings = testing::tiny_settings(make_data(folder));
  settings.pack_tokens = 150;
  settings.stages[0].steps = 3;
  settings.stages[1].steps = 2;
  settings.ranks.join_within = 60;
  settings.ranks.lost_after = 30;
  return settings;
}

constexpr double kNoise = 2e-5;

// What was handed to each kind of exchange is what a plan says, to the byte.
void expect_planned_bytes(const fs::path& run, const engine::TrainSettings& settings, int ranks) {
  const Json exchanged = read_json(run / "memory.json").at("exchanged");
  const engine::StepTraffic planned =
      engine::step_traffic(model::flat_elements(engine::state_slices(settings.shard, ranks), settings.model),
                           settings.precision, settings.shard, ranks);
  const std::uint64_t steps = rows(run).size();
  EXPECT_EQ(exchanged.at("summed"), steps * planned.summed);
  EXPECT_EQ(exchanged.at("scattered"), steps * planned.scattered);
  EXPECT_EQ(exchanged.at("gathered"), steps * planned.gathered);
  EXPECT_GT(planned.wire(ranks), 0);
}

TEST(Ranks, TrainAsOneProcessDoes) {
  const fs::path folder = fresh_folder("ranks");
  engine::TrainSettings settings = small(folder);
  testing::run_train(settings, folder / "one");
  for (const int ranks : {2, 4})
    for (const Shard shard : {Shard::none, Shard::optimizer}) {
      settings.shard = shard;
      const fs::path run = folder / (name_of(shard) + std::to_string(ranks));
      train_by(ranks, settings, run);
      expect_same_run(run, folder / "one", kNoise);
      expect_planned_bytes(run, settings, ranks);
    }
}

// Steps of one example: all ranks but one have no answer row at all.
TEST(Ranks, WithoutWorkStillTakePart) {
  const fs::path folder = fresh_folder("idle");
  engine::TrainSettings settings = small(folder);
  for (engine::StageSettings& stage : settings.stages) stage.batch = 1;
  testing::run_train(settings, folder / "one");
  for (const Shard shard : {Shard::none, Shard::optimizer}) {
    settings.shard = shard;
    train_by(3, settings, folder / name_of(shard));
    expect_same_run(folder / name_of(shard), folder / "one", kNoise);
  }
}

void crash_after(const fs::path& run, std::int64_t step) {
  fs::remove(run / "manifest.json");
  for (const auto& entry : fs::directory_iterator(run / "checkpoints"))
    if (entry.path().filename().string() > checkpoint::checkpoint_name(step)) fs::remove_all(entry.path());
}

class ResumedByOthers : public ::testing::TestWithParam<Precision> {};

TEST_P(ResumedByOthers, FourThenTwoThenOneThenThree) {
  const fs::path folder = fresh_folder("resumed");
  engine::TrainSettings settings = small(folder);
  settings.precision = settings.save_type = GetParam();
  settings.save_every = 1;
  settings.keep_checkpoints = 100;
  testing::run_train(settings, folder / "one");
  settings.shard = Shard::optimizer;
  const fs::path run = folder / "run",
                 training = run / "checkpoints" / checkpoint::checkpoint_name(1) / "training";
  train_by(4, settings, run);
  EXPECT_TRUE(fs::exists(training / "first_moment-00003-of-00004.safetensors"));
  const std::vector<std::pair<int, std::int64_t>> others = {{2, 1}, {1, 2}, {3, 3}, {2, 4}};
  for (const auto& [ranks, step] : others) {
    crash_after(run, step);
    train_by(ranks, settings, run);
  }
  expect_same_run(run, folder / "one", GetParam() == Precision::float32 ? kNoise : 1e-2);
  EXPECT_EQ(Manifest::read(run / "manifest.json").damage(true), "");
}

INSTANTIATE_TEST_SUITE_P(Precisions, ResumedByOthers,
                         ::testing::Values(Precision::float32, Precision::bfloat16),
                         [](const auto& i) { return name_of(i.param); });

// Twice the same number of processes: the same bits, also where the run was stopped by a signal to one of them.
TEST(Ranks, AStopOfOneStopsAllAndChangesNothing) {
  const fs::path folder = fresh_folder("stopped"), run = folder / "run";
  engine::TrainSettings settings = small(folder);
  settings.shard = Shard::optimizer;
  settings.stages[0].steps = 60;
  train_by(2, settings, folder / "whole");
  {
    Processes processes(2, folder / "log", [&](const engine::RankPlace& place) {
      catch_stop_signals();
      testing::run_train(settings, run, place);
    });
    for (int i = 0; i < 3000 && (!fs::exists(run / "metrics.jsonl") || rows(run).size() < 3); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    processes.send(1, SIGUSR1);
    EXPECT_EQ(processes.codes(60), std::vector<int>(2, static_cast<int>(ExitCode::stopped)));
    EXPECT_THAT(processes.said_by(0), ::testing::HasSubstr("stopped by SIGUSR1"));
  }
  EXPECT_FALSE(fs::exists(run / "manifest.json"));
  train_by(2, settings, run);
  EXPECT_TRUE(final_weights(run).equal(final_weights(folder / "whole")));
}

// Before all have met.
TEST(Ranks, AStopWhileTheyMeetStopsAll) {
  const fs::path folder = fresh_folder("met");
  train_by(2, small(folder), folder / "run", static_cast<int>(ExitCode::stopped),
           [](const engine::RankPlace& place) {
             catch_stop_signals();
             if (place.rank == 1) std::raise(SIGUSR1);
           });
}

TEST(Ranks, AFinishedRunIsLeftAlone) {
  const fs::path folder = fresh_folder("finished");
  engine::TrainSettings settings = small(folder);
  settings.stages.resize(1);
  train_by(2, settings, folder / "run");
  const std::string before = read_file(folder / "run/manifest.json");
  train_by(2, settings, folder / "run");
  EXPECT_EQ(read_file(folder / "run/manifest.json"), before);
}

// NaN in the gradients of one rank is NaN for all; and what only one of them has wrong is refused by all.
TEST(Ranks, DivergeTogether) {
  const fs::path folder = fresh_folder("nan");
  engine::TrainSettings settings = small(folder);
  settings.init.linear_std = 1e20;
  settings.max_bad_steps = 2;
  train_by(2, settings, folder / "run", static_cast<int>(ExitCode::diverged));
}

TEST(Ranks, OtherSettingsOnOneRankAreRefused) {
  const fs::path folder = fresh_folder("other");
  const engine::TrainSettings settings = small(folder);
  Processes processes(3, folder / "log", [&](const engine::RankPlace& place) {
    engine::TrainSettings own = settings;
    if (place.rank == 2) own.stages[0].schedule.peak *= 2;
    testing::run_train(own, folder / "run", place);
  });
  EXPECT_EQ(processes.codes(60), std::vector<int>(3, static_cast<int>(ExitCode::config)));
  EXPECT_THAT(processes.said_by(0), ::testing::HasSubstr("rank 2 has other settings than rank 0"));
}

TEST(Ranks, LowBitsThatNobodyHasAreNotSavedAsFp32) {
  const fs::path folder = fresh_folder("low_bits");
  engine::TrainSettings settings = small(folder);
  settings.precision = Precision::bfloat16;
  settings.shard = Shard::optimizer;
  train_by(2, settings, folder / "run", static_cast<int>(ExitCode::config));
}

}  // namespace
}  // namespace film::train
