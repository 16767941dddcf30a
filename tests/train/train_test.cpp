// Whole runs: stopped and resumed equal uninterrupted bit for bit, checkpoints are complete or passed over,
// NaN steps are not applied.
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>

#include "film/base/error.h"
#include "film/base/manifest.h"
#include "film/base/signals.h"
#include "film/model/mistral.h"
#include "support.h"
#include "train/train_step.h"

namespace film::train {
namespace {

using testing::fresh_folder;
using testing::make_data;
using testing::run_train;
using testing::tiny_settings;

Json final_files(const fs::path& run) { return read_json(run / "manifest.json").at("files"); }

std::vector<double> losses(const fs::path& run) {
  std::vector<double> list;
  for_each_record(run / "metrics.jsonl",
                  [&](const Json& row, const std::string&) { list.push_back(row.at("loss")); });
  return list;
}

// Throws away all after `step`, as a crash right after that checkpoint would.
void crash_after(const fs::path& run, std::int64_t step) {
  fs::remove(run / "manifest.json");
  for (const auto& entry : fs::directory_iterator(run / "checkpoints"))
    if (entry.path().filename().string() > checkpoint::checkpoint_name(step)) fs::remove_all(entry.path());
}

// Precision of the run and of the weights on disk.
class Resume : public ::testing::TestWithParam<std::pair<engine::Precision, engine::Precision>> {};

TEST_P(Resume, EqualsUninterruptedBitForBit) {
  const fs::path folder = fresh_folder("resume");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  settings.keep_checkpoints = 100;
  settings.precision = GetParam().first;
  settings.save_type = GetParam().second;
  settings.memory.offload =
      settings.precision == engine::Precision::bfloat16 ? engine::Offload::disk : engine::Offload::none;
  run_train(settings, folder / "whole");
  ASSERT_EQ(losses(folder / "whole").size(), 13u);
  for (const std::int64_t step :
       {4, 8, 12}) {  // inside the first stage and, across its end, inside the second
    const fs::path run = folder / ("crash" + std::to_string(step));
    run_train(settings, run);
    crash_after(run, step);
    run_train(settings, run);
    EXPECT_EQ(final_files(run), final_files(folder / "whole")) << "after step " << step;
    EXPECT_EQ(losses(run), losses(folder / "whole")) << "after step " << step;
  }
}

using engine::Precision;
INSTANTIATE_TEST_SUITE_P(Precisions, Resume,
                         ::testing::Values(std::pair{Precision::float32, Precision::float32},
                                           std::pair{Precision::float32, Precision::bfloat16},
                                           std::pair{Precision::bfloat16, Precision::bfloat16},
                                           std::pair{Precision::bfloat16, Precision::float32}),
                         [](const auto& i) {
                           return name_of(i.param.first) + "_saved_as_" + name_of(i.param.second);
                         });

TEST(Train, OtherCheckpointIntervalGivesTheSameModel) {
  const fs::path folder = fresh_folder("interval");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  run_train(settings, folder / "a");
  settings.save_every = 13;  // falls on the last step
  run_train(settings, folder / "b");
  EXPECT_EQ(final_files(folder / "a"), final_files(folder / "b"));
}

// The weights come from the checkpoint alone: the base model may be gone but for its config.json.
TEST(Train, AResumedRunDoesNotLoadTheBaseModel) {
  const fs::path folder = fresh_folder("base");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  const TrainFacts base = run_train(settings, folder / "base");
  settings.model_folder = (folder / "base" / base.final_checkpoint).string();
  run_train(settings, folder / "whole");
  const fs::path run = folder / "run";
  run_train(settings, run);
  crash_after(run, 8);
  fs::remove(fs::path(settings.model_folder) / "model.safetensors");
  run_train(settings, run);
  EXPECT_EQ(final_files(run), final_files(folder / "whole"));
  crash_after(run, 0);
  EXPECT_THROW(run_train(settings, run), Error) << "a run that begins does need it";
}

TEST(Train, AResumedRunDoesNotWriteTheInitialCheckpoint) {
  const fs::path folder = fresh_folder("initial");
  const engine::TrainSettings settings = tiny_settings(make_data(folder));
  const fs::path run = folder / "run", initial = run / "checkpoints/initial";
  run_train(settings, run);
  ASSERT_TRUE(fs::exists(initial / "model.safetensors"));
  crash_after(run, 8);
  fs::remove_all(initial);
  run_train(settings, run);
  EXPECT_FALSE(fs::exists(initial));
}

// The manifest of the run takes the hashes of the final checkpoint from the checkpoint's own manifest.
TEST(Train, TheManifestHasTheHashesOfTheCheckpoint) {
  const fs::path folder = fresh_folder("hashes");
  const TrainFacts facts = run_train(tiny_settings(make_data(folder)), folder / "run");
  const fs::path checkpoint = folder / "run" / facts.final_checkpoint;
  const Manifest own = Manifest::read(checkpoint / "MANIFEST.json"),
                 run = Manifest::read(folder / "run/manifest.json");
  ASSERT_EQ(run.files().size(), own.files().size());
  for (std::size_t i = 0; i < own.files().size(); ++i) {
    EXPECT_EQ(run.files()[i].path, facts.final_checkpoint + "/" + own.files()[i].path);
    EXPECT_EQ(run.files()[i].sha256, own.files()[i].sha256);
  }
  EXPECT_EQ(run.damage(/*hashes=*/true), "");
}

TEST(Train, DamagedCheckpointIsPassedOver) {
  const fs::path folder = fresh_folder("damaged");
  const engine::TrainSettings settings = tiny_settings(make_data(folder));
  run_train(settings, folder / "whole");
  const fs::path run = folder / "run";
  run_train(settings, run);
  crash_after(run, 12);
  for (const char* file : {"model.safetensors", "training/loop.json"}) {
    const fs::path path = run / "checkpoints" / checkpoint::checkpoint_name(12) / file;
    std::string bytes = read_file(path);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_file(path, bytes);
    EXPECT_EQ(checkpoint::latest_checkpoint(run)->filename(), checkpoint::checkpoint_name(8));
  }
  run_train(settings, run);
  EXPECT_EQ(final_files(run), final_files(folder / "whole"));
}

TEST(Train, LossFalls) {
  const fs::path folder = fresh_folder("falls");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  settings.init.linear_std = 0;
  settings.init.embedding_std = 0.3;
  settings.stages[0].steps = 60;
  run_train(settings, folder / "run");
  const std::vector<double> list = losses(folder / "run");
  EXPECT_LT(list.back(), 0.5 * list.front());
}

TEST(Train, StageEndsWhenAccuracyPasses) {
  const fs::path folder = fresh_folder("accuracy");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  settings.init.linear_std = 0;
  settings.init.embedding_std = 0.3;
  settings.stages[0].steps = 400;
  settings.stages[0].stop_accuracy = 0.5;
  settings.stages.resize(1);
  run_train(settings, folder / "run");
  const std::size_t steps = losses(folder / "run").size();
  EXPECT_LT(steps, 400u);
  EXPECT_GT(steps, 13u);  // not before the moving average means something
}

TEST(Train, NotANumberIsNotAppliedAndEndsTheRun) {
  const fs::path folder = fresh_folder("nan");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  settings.stages[0].schedule.peak = 10;  // blows up
  settings.optimizer.clip = 0;
  settings.init.embedding_std = 10;
  settings.init.linear_std = 10;
  settings.max_bad_steps = 3;
  settings.stages[0].steps = 200;
  try {
    engine::TrainSettings bad = settings;
    bad.init.linear_std = 1e20;  // fp32 overflows in the first products
    run_train(bad, folder / "run");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::diverged) << error.what();
  }
}

TEST(Train, OtherTokenizerIsRefused) {
  const fs::path folder = fresh_folder("tokenizer");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  settings.tokenizer = std::string(FILM_TEST_DATA) + "/tokenizer/rewriting.model";
  settings.model.vocab_size = 2000;
  EXPECT_THROW(run_train(settings, folder / "run"), Error);
}

TEST(Train, OverLongExamplesAreNamed) {
  const fs::path folder = fresh_folder("long");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  settings.max_tokens = 90;
  const TrainFacts facts = run_train(settings, folder / "run");
  EXPECT_GT(facts.left_out.size(), 0u);
  EXPECT_LT(facts.left_out.size(), 40u);
}

}  // namespace
}  // namespace film::train
