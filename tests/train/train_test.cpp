// Whole runs: stopped and resumed equal uninterrupted bit for bit, checkpoints are complete or passed over,
// NaN steps are not applied, and the same code takes a step at true Mistral-7B width.
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>

#include "film/base/error.h"
#include "film/base/signals.h"
#include "film/model/mistral.h"
#include "film/train/stage_data.h"
#include "film/train/train_step.h"
#include "support.h"

namespace film {
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
    if (entry.path().filename().string() > checkpoint_name(step)) fs::remove_all(entry.path());
}

TEST(Train, ResumedEqualsUninterruptedBitForBit) {
  const fs::path folder = fresh_folder("resume");
  TrainSettings settings = tiny_settings(make_data(folder));
  settings.keep_checkpoints = 100;
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

TEST(Train, OtherCheckpointIntervalGivesTheSameModel) {
  const fs::path folder = fresh_folder("interval");
  TrainSettings settings = tiny_settings(make_data(folder));
  run_train(settings, folder / "a");
  settings.save_every = 13;  // falls on the last step
  run_train(settings, folder / "b");
  EXPECT_EQ(final_files(folder / "a"), final_files(folder / "b"));
}

TEST(Train, DamagedCheckpointIsPassedOver) {
  const fs::path folder = fresh_folder("damaged");
  const TrainSettings settings = tiny_settings(make_data(folder));
  run_train(settings, folder / "whole");
  const fs::path run = folder / "run";
  run_train(settings, run);
  crash_after(run, 12);
  for (const char* file : {"model.safetensors", "training/loop.json"}) {
    const fs::path path = run / "checkpoints" / checkpoint_name(12) / file;
    std::string bytes = read_file(path);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_file(path, bytes);
    EXPECT_EQ(latest_checkpoint(run)->filename(), checkpoint_name(8));
  }
  run_train(settings, run);
  EXPECT_EQ(final_files(run), final_files(folder / "whole"));
}

TEST(Train, LossFalls) {
  const fs::path folder = fresh_folder("falls");
  TrainSettings settings = tiny_settings(make_data(folder));
  settings.init.linear_std = 0;
  settings.init.embedding_std = 0.3;
  settings.stages[0].steps = 60;
  run_train(settings, folder / "run");
  const std::vector<double> list = losses(folder / "run");
  EXPECT_LT(list.back(), 0.5 * list.front());
}

TEST(Train, StageEndsWhenAccuracyPasses) {
  const fs::path folder = fresh_folder("accuracy");
  TrainSettings settings = tiny_settings(make_data(folder));
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
  TrainSettings settings = tiny_settings(make_data(folder));
  settings.stages[0].schedule.peak = 10;  // blows up
  settings.optimizer.clip = 0;
  settings.init.embedding_std = 10;
  settings.init.linear_std = 10;
  settings.max_bad_steps = 3;
  settings.stages[0].steps = 200;
  try {
    TrainSettings bad = settings;
    bad.init.linear_std = 1e20;  // fp32 overflows in the first products
    Fields fields;
    bad.describe(fields);
    OutputFolder out(folder / "run", "train", fields);
    train(bad, out);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::diverged) << error.what();
  }
}

TEST(Train, OtherTokenizerIsRefused) {
  const fs::path folder = fresh_folder("tokenizer");
  TrainSettings settings = tiny_settings(make_data(folder));
  settings.tokenizer = std::string(FILM_TEST_DATA) + "/tokenizer/rewriting.model";
  settings.model.vocab_size = 2000;
  EXPECT_THROW(run_train(settings, folder / "run"), Error);
}

TEST(Train, OverLongExamplesAreNamed) {
  const fs::path folder = fresh_folder("long");
  TrainSettings settings = tiny_settings(make_data(folder));
  settings.max_tokens = 90;
  const Json facts = run_train(settings, folder / "run");
  EXPECT_GT(facts.at("left_out").size(), 0u);
  EXPECT_LT(facts.at("left_out").size(), 40u);
}

TEST(StageData, ShapesStandWhereTheExamplesDo) {
  const fs::path folder = fresh_folder("shapes");
  TrainSettings settings = tiny_settings(make_data(folder));
  settings.max_tokens = 110;  // leaves some out
  const Tokenizer tokenizer = Tokenizer::load(settings.tokenizer);
  StageData data(settings, 0, tokenizer);
  ASSERT_GT(data.left_out().size(), 0u);
  ASSERT_GT(data.examples(), 5u);
  for (std::uint64_t place = 0; place < 60; place += 5) {  // over several epochs
    const auto examples = data.read(place);
    for (std::uint64_t i = 0; i < examples.size(); ++i) {
      EXPECT_EQ(data.shape(place + i), examples[i].shape());
      EXPECT_LE(data.shape(place + i).rows(), settings.max_tokens);
    }
  }
}

// Two layers as wide as Mistral-7B: 437 M parameters in the layers, a small vocabulary. Loaded from a Hugging
// Face folder, one step, saved and loaded again. Same code as the tiny model's.
TEST(TrueWidth, TwoLayersLoadStepAndSave) {
  const fs::path folder = fresh_folder("wide");
  ModelConfig config;  // Mistral-7B's defaults
  config.num_hidden_layers = 2;
  config.vocab_size = 512;
  EXPECT_EQ(config.parameters(), 2 * 218'112'000 + 2 * 512 * 4096 + 4096);
  at::manual_seed(3);
  ModelTensors random = empty_tensors(config, at::kBFloat16);
  for_each_parameter(random, config, [](const std::string&, Tensor x, ParameterKind kind) {
    if (kind == ParameterKind::norm)
      x.fill_(1);
    else
      x.normal_(0, 0.02);
  });
  save_weights(folder / "model", config, random, at::kBFloat16, "");
  random = {};

  TrainingRun run =
      make_run(model_config_from_hugging_face(folder / "model/config.json"), at::kFloat, {}, folder);
  load(run, folder / "model");
  EncodedExample example;
  for (TokenId i = 0; i < 40; ++i) example.context.push_back(i);
  example.pairs = {{{50, 51}, {60, 2}}, {{52}, {61, 62, 2}}};
  const auto packs = make_packs({example}, {});
  const Optimizer optimizer({}, run.config);
  const StepMetrics first = train_step(run, optimizer, packs, 1e-4);
  EXPECT_NEAR(first.loss, std::log(512.0) + 0.8,
              2);  // logits of an untrained model have variance 0.02^2 x 4096
  save_weights(folder / "after", run.config, run.weights, at::kFloat, "");
  run.gradients = {};
  run.optimizer = {};
  const ModelTensors again = load_weights(folder / "after", run.config, at::kFloat);
  EXPECT_EQ(run_pack(run.config, again, packs[0], nullptr).loss,
            run_pack(run.config, run.weights, packs[0], nullptr).loss);
  EXPECT_LT(run_pack(run.config, again, packs[0], nullptr).loss, first.loss);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace film
