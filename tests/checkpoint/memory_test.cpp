// One layer of Mistral-7B's width, 218 M parameters, and its embedding of 131 M: what saving and loading hold
// besides the tensors themselves, measured, and that transformers opens the shards.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdlib>
#include <fstream>

#include "support.h"

namespace film::checkpoint {
namespace {

using testing::named_tensors;
using testing_checkpoint::same_bits;
using testing_checkpoint::TempFolder;

constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kAllowed = 128 * kMiB;

std::int64_t status_bytes(const std::string& key) {
  const std::string status = read_file("/proc/self/status");
  return 1024 * std::stoll(status.substr(status.find(key) + key.size()));
}

// Growth of this process's memory at its highest, since the object was made.
class Growth {
 public:
  Growth() {
    ::malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << 5;  // resets the highest value
    start_ = status_bytes("VmRSS:");
  }
  static bool works() {
    std::ofstream file("/proc/self/clear_refs");
    return static_cast<bool>(file << 5 << std::flush);
  }
  // Fails if more than the target's own size and what is allowed was held; says how much it was.
  void check(const char* what, std::int64_t target) const {
    const std::int64_t extra = status_bytes("VmHWM:") - start_ - target;
    std::printf("%s: %lld MiB, and at most %lld MiB besides\n", what, static_cast<long long>(target / kMiB),
                static_cast<long long>(extra / kMiB));
    EXPECT_LT(extra, kAllowed) << what;
  }

 private:
  std::int64_t start_ = 0;
};

engine::ModelConfig one_layer(std::int64_t vocab_size) {
  engine::ModelConfig config;  // Mistral-7B's defaults
  config.vocab_size = vocab_size;
  config.num_hidden_layers = 1;
  config.tie_word_embeddings = true;  // one matrix of 131 M elements is large enough
  return config;
}

// 16 bits that differ from their neighbours, as bf16 below 2.
void fill_halves(const Tensor& x, std::uint32_t seed) {
  auto* bits = static_cast<std::uint16_t*>(x.mutable_data_ptr());
  at::parallel_for(0, x.numel(), 1 << 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      bits[i] =
          static_cast<std::uint16_t>(((static_cast<std::uint32_t>(i) + seed) * 2654435761u) >> 16) & 0xbfffu;
  });
}

// Every 9973rd value of each parameter as its bits, for the other program to compare.
void write_samples(const fs::path& path, const NamedTensors& weights) {
  Json samples = Json::object();
  for (const auto& [name, x] : weights) {
    const Tensor picked = x.view(at::kShort).view(-1).slice(0, 0, x.numel(), 9973).contiguous();
    const auto* data = picked.const_data_ptr<std::int16_t>();
    samples[name] = std::vector<std::int16_t>(data, data + picked.numel());
  }
  write_file(path, to_line(samples));
}

TEST(TrueWidth, WeightsInBoundedMemory) {
  if (!Growth::works()) GTEST_SKIP() << "this kernel does not let a process reset its VmHWM";
  const engine::ModelConfig config = one_layer(32000);
  const TempFolder folder;
  {
    const model::ModelTensors masters = model::empty_tensors(config, at::kFloat);
    for (const auto& [name, x] : named_tensors(masters, config)) testing_checkpoint::fill_bits(x, 1);
    const Growth growth;
    save_weights(folder.path(), config, model::ParameterList(config, masters), at::kBFloat16, "",
                 300'000'000);
    growth.check("save fp32 as bf16", 0);
  }
  const Growth growth;
  const model::ModelTensors weights = load_weights(folder.path(), config, at::kBFloat16);
  growth.check("load as bf16", 2 * config.parameters());

  const char* python = std::getenv("FILM_TEST_PYTHON");
  if (python == nullptr) GTEST_SKIP() << "FILM_TEST_PYTHON is not set: run scripts/setup.sh --tests";
  write_samples(folder / "samples.json", named_tensors(weights, config));
  const std::string command = std::string(python) + " " + FILM_SOURCE_DIR + "/tests/golden/check_opens.py " +
                              folder.path().string() + " " + (folder / "samples.json").string();
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST(TrueWidth, CheckpointInBoundedMemory) {
  if (!Growth::works()) GTEST_SKIP() << "this kernel does not let a process reset its VmHWM";
  const engine::ModelConfig config = one_layer(512);
  const TempFolder folder;
  // No moments: they are written as the weights of an fp32 run are, and the disk is spared.
  const auto state_of = [&](const model::ModelTensors& low) {
    return TrainingState{.first_moment = {},
                         .second_moment = {},
                         .remainder = testing::stored(named_tensors(low, config)),
                         .loop = {}};
  };
  model::ModelTensors high = model::empty_tensors(config, at::kBFloat16),
                      low = model::empty_tensors(config, at::kShort);
  for (const auto& [name, x] : named_tensors(high, config)) fill_halves(x, 1);
  for (const auto& [name, x] : named_tensors(low, config)) {
    fill_halves(x, 2);
    x.bitwise_and_(0x3fff);  // below 0 beside a weight of 0 it would be no number
  }
  fs::path checkpoint;
  {
    const Growth growth;
    checkpoint = save_checkpoint(folder.path(), "step-1", config, model::ParameterList(config, high),
                                 state_of(low), {at::kBFloat16, true, ""});
    growth.check("save checkpoint of bf16 with remainders", 0);
  }
  {
    const Growth growth;
    EXPECT_EQ(latest_checkpoint(folder.path()), checkpoint);  // hashes every file
    growth.check("verify it", 0);
  }
  const Growth growth;
  const model::ModelTensors again = model::empty_tensors(config, at::kBFloat16),
                            rest = model::empty_tensors(config, at::kShort);
  TrainingState state = state_of(rest);
  load_checkpoint(checkpoint, model::ParameterList(config, again), state);
  growth.check("load it", 4 * config.parameters());
  EXPECT_TRUE(same_bits(named_tensors(again, config), named_tensors(high, config)));
  EXPECT_TRUE(same_bits(named_tensors(rest, config), named_tensors(low, config)));
}

}  // namespace
}  // namespace film::checkpoint
