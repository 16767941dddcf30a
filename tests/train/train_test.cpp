// Whole runs: stopped and resumed equal uninterrupted bit for bit, checkpoints are complete or passed over,
// NaN steps are not applied.
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>

#include "film/base/error.h"
#include "film/base/signals.h"
#include "film/model/mistral.h"
#include "film/train/train_step.h"
#include "support.h"

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
class Resume : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Resume, EqualsUninterruptedBitForBit) {
  const fs::path folder = fresh_folder("resume");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  settings.keep_checkpoints = 100;
  settings.precision = GetParam().first;
  settings.save_type = GetParam().second;
  settings.memory.state = settings.precision == "bfloat16" ? "file" : "resident";
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

INSTANTIATE_TEST_SUITE_P(Precisions, Resume,
                         ::testing::Values(std::pair{"float32", "float32"}, std::pair{"float32", "bfloat16"},
                                           std::pair{"bfloat16", "bfloat16"},
                                           std::pair{"bfloat16", "float32"}),
                         [](const auto& i) {
                           return std::string(i.param.first) + "_saved_as_" + i.param.second;
                         });

TEST(Train, OtherCheckpointIntervalGivesTheSameModel) {
  const fs::path folder = fresh_folder("interval");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  run_train(settings, folder / "a");
  settings.save_every = 13;  // falls on the last step
  run_train(settings, folder / "b");
  EXPECT_EQ(final_files(folder / "a"), final_files(folder / "b"));
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
    Fields fields;
    bad.describe(fields);
    OutputFolder out({folder / "run", "train", fields});
    train(bad, out);
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
  const Json facts = run_train(settings, folder / "run");
  EXPECT_GT(facts.at("left_out").size(), 0u);
  EXPECT_LT(facts.at("left_out").size(), 40u);
}

}  // namespace
}  // namespace film::train
