// Which examples a stage has, of what shape, and the ablations that change it.
#include "train/stage_data.h"

#include <gtest/gtest.h>

#include <set>

#include "support.h"

namespace film::train {
namespace {

using testing::fresh_folder;
using testing::make_data;
using testing::tiny_settings;

TEST(StageData, ShapesAreThoseOfTheExamples) {
  const fs::path folder = fresh_folder("shapes");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  settings.max_tokens = 110;  // leaves some out
  const text::Tokenizer tokenizer = text::Tokenizer::load(settings.tokenizer);
  StageData data(settings, 0, tokenizer);
  ASSERT_GT(data.left_out().size(), 0u);
  ASSERT_GT(data.examples(), 5u);
  for (std::uint64_t place = 0; place < 60; ++place) {  // over several epochs
    EXPECT_EQ(data.shape(place), data.encode(place).shape());
    EXPECT_LE(data.shape(place).rows(), settings.max_tokens);
  }
}

// The examples of one epoch, told apart by their ids.
std::set<text::TokenIds> examples_of(const engine::TrainSettings& settings,
                                     const text::Tokenizer& tokenizer) {
  StageData data(settings, 0, tokenizer);
  std::set<text::TokenIds> found;
  for (std::uint64_t place = 0; place < data.examples(); ++place) found.insert(data.encode(place).context);
  EXPECT_EQ(found.size(), data.examples());
  return found;
}

TEST(StageData, ASmallerFractionIsPartOfALargerOne) {
  engine::TrainSettings settings = tiny_settings(make_data(fresh_folder("fraction")));
  const text::Tokenizer tokenizer = text::Tokenizer::load(settings.tokenizer);
  std::set<text::TokenIds> larger = examples_of(settings, tokenizer);
  EXPECT_EQ(larger.size(), 20u);
  for (const auto& [fraction, count] : {std::pair{0.5, 10u}, std::pair{0.2, 4u}, std::pair{0.01, 1u}}) {
    settings.stages[0].fraction = fraction;
    const std::set<text::TokenIds> part = examples_of(settings, tokenizer);
    EXPECT_EQ(part.size(), count);
    EXPECT_TRUE(std::ranges::includes(larger, part)) << fraction;
    larger = part;
  }
  settings.seed = 1;
  settings.stages[0].fraction = 0.2;
  const std::set<text::TokenIds> other = examples_of(settings, tokenizer);
  settings.seed = 0;
  EXPECT_NE(other, examples_of(settings, tokenizer));
}

// Plain instruction tuning: the same questions behind their evidence alone.
TEST(StageData, EvidenceAloneIsTheEvidence) {
  const fs::path folder = make_data(fresh_folder("evidence"));
  engine::TrainSettings settings = tiny_settings(folder);
  const text::Tokenizer tokenizer = text::Tokenizer::load(settings.tokenizer);
  const folders::DataFolder data(folder);
  settings.stages[0].context = engine::ContextPart::evidence;
  StageData stage(settings, 0, tokenizer);
  std::set<text::TokenIds> expected, got;
  const text::TokenIds head =
      text::encode_before_context(text::prompt_template(text::PromptStyle::plain), tokenizer);
  for (const Context& context : data.contexts()) {
    ASSERT_EQ(context.evidence.size(), 1u);
    text::TokenIds ids = head;
    const text::TokenIds segment = data.segment_tokens(context.segments[context.evidence[0]]);
    ids.insert(ids.end(), segment.begin(), segment.end());
    expected.insert(ids);
  }
  for (std::uint64_t place = 0; place < 20; ++place) {
    const batches::EncodedExample example = stage.encode(place);
    EXPECT_EQ(stage.shape(place), example.shape());
    got.insert(example.context);
  }
  EXPECT_EQ(got, expected);
}

TEST(ModelChanges, ChangeWhatTheySay) {
  engine::ModelConfig config;
  config.sliding_window = 4096;
  engine::ModelChanges{}.apply(config);
  EXPECT_EQ(config.rope_theta, 1e6);
  EXPECT_EQ(config.sliding_window, 4096);
  engine::ModelChanges{1e7, 0}.apply(config);
  EXPECT_EQ(config.rope_theta, 1e7);
  EXPECT_EQ(config.sliding_window, 0);
}

// A run from a folder with changes saves them: the model is used as it was trained.
TEST(ModelChanges, AreInTheSavedConfig) {
  const fs::path folder = fresh_folder("changes");
  engine::TrainSettings settings = tiny_settings(make_data(folder));
  settings.stages.resize(1);
  settings.stages[0].steps = 1;
  const TrainFacts first = testing::run_train(settings, folder / "new");
  settings.model_folder = (folder / "new" / first.final_checkpoint).string();
  settings.changes = {2e6, 64};
  const TrainFacts second = testing::run_train(settings, folder / "changed");
  const engine::ModelConfig config =
      engine::model_config_from_hugging_face(folder / "changed" / second.final_checkpoint / "config.json");
  EXPECT_EQ(config.rope_theta, 2e6);
  EXPECT_EQ(config.sliding_window, 64);
}

}  // namespace
}  // namespace film::train
