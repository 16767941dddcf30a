// Several processes train as one does: the same examples in the same order, losses and weights equal but for the order of
// sums; what was saved by some is resumed by others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "film/base/manifest.h"
#include "film/base/signals.h"
#include "rank_runs.h"

namespace film::train {
namespace {

using engine::Precision;
using engine::Shard;
using testing::expect_planned_bytes;
using testing::expect_same_run;
using testing::final_weights;
using testing::fresh_folder;
using testing::kNoise;
using testing::Mode;
using testing::Processes;
using testing::rows;
using testing::small;
using testing::train_by;
using testing::with;

const std::vector<Mode>& modes(int ranks) {
  static const std::vector<Mode> whole = {{"none", Shard::none},
                                          {"optimizer", Shard::optimizer},
                                          {"full", Shard::full}},
                                 groups = {{"none", Shard::none},
                                           {"optimizer", Shard::optimizer},
                                           {"full", Shard::full},
                                           {"hybrid", Shard::hybrid, 2}};
  return ranks == 4 ? groups : whole;
}

TEST(Ranks, TrainAsOneProcessDoes) {
  const fs::path folder = fresh_folder("ranks");
  const engine::TrainSettings settings = small(folder);
  testing::run_train(settings, folder / "one");
  for (const int ranks : {2, 4})
    for (const Mode& mode : modes(ranks)) {
      const fs::path run = folder / (mode.name + std::to_string(ranks));
      train_by(ranks, with(settings, mode), run);
      expect_same_run(run, folder / "one", kNoise);
      expect_planned_bytes(run, with(settings, mode), ranks);
    }
}

// Steps of one example: all ranks but one have no answer row at all.
TEST(Ranks, WithoutWorkStillTakePart) {
  const fs::path folder = fresh_folder("idle");
  engine::TrainSettings settings = small(folder);
  for (engine::StageSettings& stage : settings.stages) stage.batch = 1;
  testing::run_train(settings, folder / "one");
  for (const int ranks : {3, 4})
    for (const Mode& mode : modes(ranks)) {
      const fs::path run = folder / (mode.name + std::to_string(ranks));
      train_by(ranks, with(settings, mode), run);
      expect_same_run(run, folder / "one", kNoise);
    }
}

// More layers than buffers, several passes of a step, heads that are the embedding.
TEST(Ranks, GatherDeepModels) {
  const fs::path folder = fresh_folder("deep");
  for (const bool tied : {false, true}) {
    engine::TrainSettings settings = small(folder / (tied ? "tied" : "untied"));
    settings.model.num_hidden_layers = tied ? 1 : 5;
    settings.model.tie_word_embeddings = tied;
    settings.pack_tokens = 100;
    testing::run_train(settings, folder / "one");
    const fs::path run = folder / "run";
    settings.shard = Shard::full;
    train_by(2, settings, run);
    expect_same_run(run, folder / "one", kNoise);
    expect_planned_bytes(run, settings, 2);
    for (const char* name : {"one", "run"}) fs::remove_all(folder / name);
  }
}

void crash_after(const fs::path& run, std::int64_t step) {
  fs::remove(run / "manifest.json");
  for (const auto& entry : fs::directory_iterator(run / "checkpoints"))
    if (entry.path().filename().string() > checkpoint::checkpoint_name(step)) fs::remove_all(entry.path());
}

using PrecisionAndMode = std::tuple<Precision, Shard>;
class ResumedByOthers : public ::testing::TestWithParam<PrecisionAndMode> {};

TEST_P(ResumedByOthers, FourThenTwoThenOneThenThree) {
  const auto& [precision, shard] = GetParam();
  const fs::path folder = fresh_folder("resumed");
  engine::TrainSettings settings = small(folder);
  settings.precision = settings.save_type = precision;
  settings.save_every = 1;
  settings.keep_checkpoints = 100;
  testing::run_train(settings, folder / "one");
  settings.shard = shard;
  const fs::path run = folder / "run",
                 training = run / "checkpoints" / checkpoint::checkpoint_name(1) / "training";
  train_by(4, settings, run);
  EXPECT_TRUE(fs::exists(training / "first_moment-00003-of-00004.safetensors"));
  struct Next {
    int ranks;
    std::int64_t step;
    Mode mode;
  };
  const Shard other = shard == Shard::full ? Shard::optimizer : Shard::full;
  for (const auto& [ranks, step, mode] : {Next{2, 1, {"", shard}}, Next{1, 2, {"", shard}},
                                          Next{3, 3, {"", other}}, Next{4, 4, {"", Shard::hybrid, 2}}}) {
    crash_after(run, step);
    train_by(ranks, with(settings, mode), run);
  }
  expect_same_run(run, folder / "one", precision == Precision::float32 ? kNoise : 1e-2);
  EXPECT_EQ(Manifest::read(run / "manifest.json").damage(true), "");
}

INSTANTIATE_TEST_SUITE_P(Precisions, ResumedByOthers,
                         ::testing::Combine(::testing::Values(Precision::float32, Precision::bfloat16),
                                            ::testing::Values(Shard::optimizer, Shard::full)),
                         [](const auto& i) {
                           return name_of(std::get<0>(i.param)) + "_" + name_of(std::get<1>(i.param));
                         });

// Twice the same number of processes: the same bits, also where the run was stopped by a signal to one of them.
void expect_stop_changes_nothing(const engine::TrainSettings& settings, const fs::path& folder) {
  const fs::path run = folder / "run";
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

TEST(Ranks, AStopOfOneStopsAllAndChangesNothing) {
  for (const Shard shard : {Shard::optimizer, Shard::full}) {
    const fs::path folder = fresh_folder("stopped");
    engine::TrainSettings settings = small(folder);
    settings.shard = shard;
    settings.stages[0].steps = 60;
    expect_stop_changes_nothing(settings, folder);
  }
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
  for (const Mode& mode : modes(2))
    train_by(2, with(settings, mode), folder / mode.name, static_cast<int>(ExitCode::diverged));
}

TEST(Ranks, OtherSettingsOnOneRankAreRefused) {
  const fs::path folder = fresh_folder("other");
  engine::TrainSettings settings = small(folder);
  settings.ranks.lost_after = 5;
  settings.ranks.slow_after = 8;
  struct Change {
    const char* what;
    std::function<void(engine::TrainSettings&)> make;
  };
  // What fits no three ranks the one that has it would find alone, and refuse while the others go on.
  for (const Change& change :
       {Change{"what a run is bound to", [](auto& own) { own.stages[0].schedule.peak *= 2; }},
        Change{"shard", [](auto& own) { own.shard = Shard::optimizer; }},
        Change{"groups of two",
               [](auto& own) {
                 own = with(own, {"", Shard::hybrid, 2});
               }},
        Change{"sequences over two",
               [](auto& own) {
                 own = with(own, {"", Shard::none, 0, 2});
               }},
        Change{"when to save", [](auto& own) { ++own.save_every; }}}) {
    Processes processes(3, folder / "log", [&](const engine::RankPlace& place) {
      engine::TrainSettings own = settings;
      if (place.rank == 2) change.make(own);
      testing::run_train(own, folder / "run", place);
    });
    EXPECT_EQ(processes.codes(60), std::vector<int>(3, static_cast<int>(ExitCode::config))) << change.what;
    EXPECT_THAT(processes.said_by(0), ::testing::HasSubstr("rank 2 has other settings than rank 0"))
        << change.what;
  }
}

TEST(Ranks, GroupsThatDoNotFitAreRefused) {
  const fs::path folder = fresh_folder("groups");
  const engine::TrainSettings settings = small(folder);
  train_by(3, with(settings, {"two", Shard::hybrid, 2}), folder / "run", static_cast<int>(ExitCode::config));
  train_by(2, with(settings, {"four", Shard::hybrid, 4}), folder / "run", static_cast<int>(ExitCode::config));
  EXPECT_THROW(with(settings, {"none", Shard::full, 2}).check(), Error);
  // Of one rank each, and of all: the same as none, and as full.
  testing::run_train(settings, folder / "one");
  for (const int group : {1, 2}) {
    const fs::path run = folder / std::to_string(group);
    train_by(2, with(settings, {"", Shard::hybrid, group}), run);
    expect_same_run(run, folder / "one", kNoise);
    expect_planned_bytes(run, with(settings, {"", Shard::hybrid, group}), 2);
  }
}

TEST(Ranks, LowBitsThatNobodyHasAreNotSavedAsFp32) {
  const fs::path folder = fresh_folder("low_bits");
  engine::TrainSettings settings = small(folder);
  settings.precision = Precision::bfloat16;
  for (const Mode& mode : {Mode{"optimizer", Shard::optimizer}, Mode{"full", Shard::full}})
    train_by(2, with(settings, mode), folder / "run", static_cast<int>(ExitCode::config));
}

}  // namespace
}  // namespace film::train
