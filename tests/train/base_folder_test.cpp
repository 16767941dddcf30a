// A run from a model folder: what it keeps of the folder, what it refuses before any work, and that it goes on when the
// folder has gone.
#include <gtest/gtest.h>

#include "../support/failure.h"
#include "film/base/json.h"
#include "support.h"

namespace film::train {
namespace {

using support::failure_of;
using testing::fresh_folder;
using testing::make_data;
using testing::run_train;
using testing::tiny_settings;

class BaseFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    settings_.stages.resize(1);
    settings_.stages[0].steps = 2;
    const TrainFacts first = run_train(settings_, folder_ / "new");
    fs::copy(folder_ / "new" / first.final_checkpoint, base_, fs::copy_options::recursive);
    fs::remove_all(base_ / "training");
    fs::remove(base_ / "MANIFEST.json");
    settings_.model_folder = base_.string();
  }
  void edit(const char* key, const Json& value) const {
    Json json = read_json(base_ / "config.json");
    json[key] = value;
    write_file(base_ / "config.json", to_pretty(json));
  }
  std::string failure() {
    const fs::path out = folder_ / "refused";
    fs::remove_all(out);
    return failure_of([&] { run_train(settings_, out); });
  }

  fs::path folder_ = fresh_folder(::testing::UnitTest::GetInstance()->current_test_info()->name());
  fs::path base_ = folder_ / "base";
  engine::TrainSettings settings_ = tiny_settings(make_data(folder_));
};

TEST_F(BaseFolder, WhatTheFolderSaysIsKeptAndARunGoesOnWithoutIt) {
  edit("pad_token_id", 3);
  edit("a_note", {{"of", "the base"}});
  edit("rope_scaling", {{"rope_type", "linear"}, {"factor", 2.0}});
  write_file(base_ / "generation_config.json", R"({"eos_token_id": [5], "temperature": 0.7})");
  write_file(base_ / "tokenizer.json", R"({"version": "1.0"})");
  const auto expect_kept = [&](const TrainFacts& facts) {
    const fs::path saved = folder_ / "run" / facts.final_checkpoint;
    const Json config = read_json(saved / "config.json");
    EXPECT_EQ(config.at("pad_token_id"), 3);
    EXPECT_EQ(config.at("a_note").at("of"), "the base");
    EXPECT_EQ(engine::model_config_from_hugging_face(saved / "config.json").rope.factor, 2);
    EXPECT_EQ(read_json(saved / "generation_config.json").at("eos_token_id"), Json({5, 2}));
    EXPECT_EQ(read_json(saved / "generation_config.json").at("temperature"), 0.7);
    EXPECT_EQ(read_file(saved / "tokenizer.json"), R"({"version": "1.0"})");
  };
  expect_kept(run_train(settings_, folder_ / "run"));
  fs::remove_all(base_);
  fs::remove(folder_ / "run/manifest.json");
  expect_kept(run_train(settings_, folder_ / "run"));
  EXPECT_TRUE(failure().starts_with("66 ")) << failure();
}

TEST_F(BaseFolder, WhatDoesNotFitIsRefused) {
  const auto expect = [&](const std::string& code, const std::string& word) {
    const std::string said = failure();
    EXPECT_TRUE(said.starts_with(code)) << said;
    EXPECT_NE(said.find(word), std::string::npos) << said;
  };
  edit("max_position_embeddings", 60);
  expect("78 ", "changes.max_position_embeddings");
  settings_.changes.max_position_embeddings = 512;
  EXPECT_EQ(failure(), "no error");
  settings_.changes = {};
  edit("max_position_embeddings", 512);
  edit("model_type", "llama");
  settings_.changes.sliding_window = 8;
  expect("78 ", "have no window");
  settings_.changes = {};
  edit("vocab_size", 50);
  expect("78 ", "pieces, the model only 50 rows");
}

TEST_F(BaseFolder, ARunWithoutAnAppliedStepIsNoModel) {
  settings_.model_folder.clear();
  settings_.init.linear_std = settings_.init.embedding_std = 1e30;
  settings_.max_bad_steps = 100;
  const std::string said = failure();
  EXPECT_TRUE(said.starts_with("79 none of 2 steps was applied")) << said;
  EXPECT_FALSE(fs::exists(folder_ / "refused/manifest.json"));
}

}  // namespace
}  // namespace film::train
