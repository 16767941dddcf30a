// fp32 masters through checkpoints and folders: exact whatever the precision of the run that saves, of the
// weights on disk, and of the run that resumes.
#include <gtest/gtest.h>

#include "film/base/error.h"
#include "support.h"

namespace film::checkpoint {
namespace {

using testing::contents;
using testing::named_tensors;
using testing_checkpoint::Masters;
using testing_checkpoint::same_bits;
using testing_checkpoint::small_config;
using testing_checkpoint::TempFolder;

// A run in one of the two precisions.
struct TinyRun {
  engine::ModelConfig config;
  bool split;
  model::ModelTensors weights, low, first, second;

  TinyRun(const engine::ModelConfig& c, bool is_split)
      : config(c),
        split(is_split),
        weights(model::zero_tensors(c, is_split ? at::kBFloat16 : at::kFloat)),
        low(model::zero_tensors(c, at::kShort)),
        first(model::zero_tensors(c, at::kFloat)),
        second(model::zero_tensors(c, at::kFloat)) {}

  static TinyRun of(const engine::ModelConfig& config, const Masters& masters, bool split) {
    TinyRun run(config, split);
    run.weights = split ? masters.high : masters.whole;
    run.low = masters.low;
    run.first = Masters(config, 1000).whole;
    run.second = Masters(config, 2000).whole;
    return run;
  }

  TrainingState state() const {
    return {.first_moment = testing::stored(named_tensors(first, config)),
            .second_moment = testing::stored(named_tensors(second, config)),
            .remainder = split ? testing::stored(named_tensors(low, config)) : std::vector<StoredTensor>{},
            .loop = {{"step", 7}}};
  }
  model::ParameterList parameters() const { return model::ParameterList(config, weights); }

  bool holds(const Masters& masters) const {
    if (!split) return same_bits(named_tensors(weights, config), named_tensors(masters.whole, config));
    return same_bits(named_tensors(weights, config), named_tensors(masters.high, config)) &&
           same_bits(named_tensors(low, config), named_tensors(masters.low, config));
  }
};

struct Case {
  bool split;
  at::ScalarType disk;
  bool tied;
};

class Precisions : public ::testing::TestWithParam<Case> {};

TEST_P(Precisions, ComeBackExactlyInEitherPrecision) {
  const auto [split, disk, tied] = GetParam();
  const engine::ModelConfig config = small_config(tied);
  const Masters masters(config, 1);
  const TempFolder folder;
  const TinyRun saved = TinyRun::of(config, masters, split);
  const fs::path checkpoint = save_checkpoint(folder.path(), checkpoint_name(7), config, saved.parameters(),
                                              saved.state(), {.type = disk, .state = true, .tokenizer = ""});
  EXPECT_EQ(latest_checkpoint(folder.path()), checkpoint);
  EXPECT_EQ(fs::exists(checkpoint / "training/remainder.safetensors"), disk == at::kBFloat16);
  for (const bool into_split : {false, true}) {
    TinyRun resumed(config, into_split);
    TrainingState state = resumed.state();
    load_checkpoint(checkpoint, resumed.parameters(), state);
    EXPECT_TRUE(resumed.holds(masters)) << "into " << (into_split ? "bf16" : "fp32");
    EXPECT_TRUE(same_bits(contents(state.first_moment), contents(saved.state().first_moment)));
    EXPECT_TRUE(same_bits(contents(state.second_moment), contents(saved.state().second_moment)));
    EXPECT_EQ(state.loop.at("step"), 7);
  }
  // What others open: the masters, or the weights that a bf16 run computes with.
  const model::ModelTensors opened = load_weights(checkpoint, config, disk);
  EXPECT_TRUE(same_bits(named_tensors(opened, config),
                        named_tensors(disk == at::kFloat ? masters.whole : masters.high, config)));
}

INSTANTIATE_TEST_SUITE_P(RunAndDisk, Precisions,
                         ::testing::Values(Case{false, at::kFloat, false}, Case{false, at::kBFloat16, false},
                                           Case{true, at::kFloat, false}, Case{true, at::kBFloat16, false},
                                           Case{true, at::kBFloat16, true}, Case{false, at::kBFloat16, true}),
                         [](const auto& instance) {
                           const Case& c = instance.param;
                           return std::string(c.split ? "bf16" : "fp32") + "_saved_as_" +
                                  (c.disk == at::kFloat ? "fp32" : "bf16") + (c.tied ? "_tied" : "");
                         });

// The folder says what the masters are, not how they were held: its bytes are the same.
TEST(Checkpoint, SameBytesFromEitherPrecision) {
  const engine::ModelConfig config = small_config();
  const Masters masters(config, 2);
  for (const at::ScalarType disk : {at::kFloat, at::kBFloat16}) {
    std::string manifest[2];
    for (const bool split : {false, true}) {
      const TempFolder folder;
      const TinyRun run = TinyRun::of(config, masters, split);
      const fs::path saved = save_checkpoint(folder.path(), "step-1", config, run.parameters(), run.state(),
                                             {.type = disk, .state = true, .tokenizer = ""});
      manifest[split ? 1 : 0] = read_file(saved / "MANIFEST.json");
    }
    EXPECT_EQ(manifest[0], manifest[1]);
  }
}

TEST(Checkpoint, WithoutRemaindersBf16WeightsAreTheMasters) {
  const engine::ModelConfig config = small_config();
  const Masters masters(config, 3);
  const TempFolder folder;
  const TinyRun run = TinyRun::of(config, masters, true);
  TrainingState state = run.state();
  state.remainder = {};
  const fs::path saved = save_checkpoint(folder.path(), "step-1", config, run.parameters(), state,
                                         {.type = at::kBFloat16, .state = true, .tokenizer = ""});
  TinyRun resumed(config, false);
  TrainingState read = resumed.state();
  load_checkpoint(saved, resumed.parameters(), read);
  for (const auto& [name, x] : named_tensors(resumed.weights, config)) {
    const Tensor high = x.to(at::kBFloat16).to(at::kFloat);
    EXPECT_TRUE(high.equal(x)) << name;
  }
}

TEST(Checkpoint, RemaindersOfAnotherModelAreRefused) {
  const engine::ModelConfig config = small_config();
  const Masters masters(config, 4);
  const TempFolder folder;
  const auto save = [&](bool split, const std::function<void(TrainingState&)>& damage) {
    const TinyRun run = TinyRun::of(config, masters, split);
    TrainingState state = run.state();
    damage(state);
    save_checkpoint(folder.path(), "step-1", config, run.parameters(), state, {at::kBFloat16, true, ""});
  };
  EXPECT_THROW(save(true, [](TrainingState& s) { s.remainder.pop_back(); }), Error);
  EXPECT_THROW(save(true, [](TrainingState& s) { std::swap(s.remainder[1], s.remainder[2]); }), Error);
  EXPECT_THROW(save(true, [](TrainingState& s) { s.remainder = s.first_moment; }), Error);
  EXPECT_THROW(
      save(false,
           [&](TrainingState& s) { s.remainder = testing::stored(named_tensors(masters.low, config)); }),
      Error);
  EXPECT_EQ(latest_checkpoint(folder.path()), std::nullopt);
}

TEST(Checkpoint, FormatOneIsRefused) {
  const engine::ModelConfig config = small_config();
  const TempFolder folder;
  const TinyRun run = TinyRun::of(config, Masters(config, 5), false);
  const fs::path saved = save_checkpoint(folder.path(), "step-1", config, run.parameters(), run.state(), {});
  Json manifest = read_json(saved / "MANIFEST.json");
  EXPECT_EQ(manifest.at("format"), 2);
  manifest["format"] = 1;
  write_file(saved / "MANIFEST.json", to_pretty(manifest));
  ASSERT_EQ(latest_checkpoint(folder.path()), saved);  // not passed over: the run would start over
  try {
    TinyRun resumed(config, false);
    TrainingState state = resumed.state();
    load_checkpoint(saved, resumed.parameters(), state);
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_NE(std::string(error.what()).find("format 1, this film reads 2"), std::string::npos)
        << error.what();
  }
}

TEST(Checkpoint, DamagedRemainderIsNoticed) {
  const engine::ModelConfig config = small_config();
  const TempFolder folder;
  const TinyRun run = TinyRun::of(config, Masters(config, 6), true);
  const fs::path saved = save_checkpoint(folder.path(), "step-1", config, run.parameters(), run.state(),
                                         {.type = at::kBFloat16, .state = true, .tokenizer = ""});
  std::string bytes = read_file(saved / "training/remainder.safetensors");
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  write_file(saved / "training/remainder.safetensors", bytes);
  EXPECT_EQ(latest_checkpoint(folder.path()), std::nullopt);
}

// A folder of any type starts a bf16 run; what bf16 cannot hold goes to the remainder.
TEST(LoadWeights, SplitsOnTheWay) {
  const engine::ModelConfig config = small_config();
  const Masters masters(config, 7);
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kHalf, at::kDouble}) {
    const TempFolder folder;
    save_weights(folder.path(), config, model::ParameterList(config, masters.whole), at::kFloat, "");
    NamedTensors stored;
    for (const auto& [name, x] : named_tensors(masters.whole, config)) stored.emplace_back(name, x.to(type));
    write_safetensors(folder / "model.safetensors", stored);
    TinyRun run(config, true);
    load_weights(folder.path(), run.parameters(), testing::stored(named_tensors(run.low, config)));
    const NamedTensors high = named_tensors(run.weights, config), low = named_tensors(run.low, config);
    for (std::size_t i = 0; i < stored.size(); ++i) {
      Tensor master = at::empty(high[i].second.sizes(), at::kFloat);
      kernels::join_master(high[i].second, low[i].second, master);
      EXPECT_TRUE(master.equal(stored[i].second.to(at::kFloat))) << stored[i].first;
      if (type == at::kBFloat16) {
        EXPECT_EQ(low[i].second.count_nonzero().item<std::int64_t>(), 0);
      }
    }
    // Without remainders the weights are the same.
    const model::ModelTensors plain = load_weights(folder.path(), config, at::kBFloat16);
    EXPECT_TRUE(same_bits(named_tensors(plain, config), high));
  }
}

}  // namespace
}  // namespace film::checkpoint
