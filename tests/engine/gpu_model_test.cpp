// Plans for GPUs by name: every size, the decisions that depend on the architecture, and the time of a known case.
#include "film/engine/gpu_model.h"

#include <gtest/gtest.h>

#include <set>

#include "film/base/error.h"
#include "film/engine/known_models.h"
#include "film/engine/probe_fit.h"
#include "film/engine/train_settings.h"

namespace film::engine {
namespace {

TEST(GpuModel, EverySizeHasAName) {
  std::set<std::string> names, sizes;
  std::uint64_t before = 0;
  for (const GpuModel& gpu : gpu_models()) {
    const std::string name(gpu.name);
    EXPECT_TRUE(names.insert(name).second) << name;
    const std::string size = name.substr(name.find('-') + 1);
    sizes.insert(size);
    EXPECT_EQ(&gpu_model(name), &gpu);
    const double gigabytes = static_cast<double>(gpu.bytes()) / 1e9, said = std::stod(size);
    EXPECT_GT(gigabytes, 0.95 * said) << name;
    EXPECT_LT(gigabytes, 1.08 * said) << name;
    EXPECT_GE(std::stoull(size), before) << "from the smallest to the largest";
    before = std::stoull(size);
    for (const bool cudnn : {false, true}) {
      if (cudnn && gpu.capability != kCudnnCapability) continue;
      const Rates r = gpu.rates(cudnn);
      for (const double rate : {r.products, r.weight_gradients, r.attention_forward, r.attention_backward}) {
        EXPECT_GT(rate, 0) << name;
        EXPECT_LT(rate, 1e12 * gpu.teraflops) << name;
      }
      EXPECT_LT(r.memory, 1e9 * gpu.bandwidth) << name;
      EXPECT_LT(r.link, 1e9 * gpu.link) << name;
    }
  }
  for (const char* size : {"24", "40", "48", "80", "94", "141", "192"})
    EXPECT_TRUE(sizes.contains(size)) << size;
  EXPECT_THROW(gpu_model("h100"), Error);
  EXPECT_THROW(gpu_model(""), Error);
}

TEST(GpuModel, LengthsArePaddedWhereCudnnIsExpected) {
  TrainSettings settings;
  settings.precision = Precision::bfloat16;
  ModelConfig config;
  const auto pads = [&](const char* gpu) {
    return pads_lengths(settings, config, gpu_model(gpu).plan_device());
  };
  for (const char* gpu : {"h100-80", "h100-94", "h200-141"}) EXPECT_TRUE(pads(gpu)) << gpu;
  for (const char* gpu : {"a100-80", "rtx4090-24", "b200-192"}) EXPECT_FALSE(pads(gpu)) << gpu;
  EXPECT_FALSE(pads_lengths(settings, config, {}));
  settings.attention = AttentionChoice::flash;
  EXPECT_FALSE(pads("h100-80"));
  settings.attention = AttentionChoice::automatic;
  settings.deterministic = true;
  EXPECT_FALSE(pads("h100-80"));
  settings.deterministic = false;
  config.sliding_window = 4096;
  EXPECT_FALSE(pads("h100-80"));
  config.sliding_window = 0;
  config.head_dim = 256;
  EXPECT_FALSE(pads("h100-80"));
  settings.pad_lengths = PadLengths::on;
  EXPECT_TRUE(pads("h100-80"));
  config.head_dim = 128;
  settings.pad_lengths = PadLengths::off;
  EXPECT_FALSE(pads("h100-80"));
  settings.pad_lengths = PadLengths::automatic;
  settings.precision = Precision::float32;
  EXPECT_FALSE(pads("h100-80"));
}

// One pass of 32,768 rows of Mistral-7B with attention kept, counted by hand: 444 TFLOP forward, as many for each of two
// gradients, attention 273 and 682, 324 again.
TEST(RunTime, AKnownPass) {
  const double T = 32768;
  MemoryPlan plan;
  plan.device = {DeviceKind::gpu, 9, 132};
  plan.offload = Offload::cpu;
  plan.saved.assign(32, {false, true, false, false});
  const RunRows rows{T, 32, T * (T + 1) / 2, 32 * T, 1, 0};
  const RunWork work = run_work(ModelConfig{}, Precision::bfloat16, rows, plan);
  EXPECT_NEAR(work.weight_gradients / 444e12, 1, 0.01);
  EXPECT_NEAR(work.products / (2 * 444e12 + 324e12), 1, 0.01);
  EXPECT_NEAR(work.recomputed / 324e12, 1, 0.01);
  EXPECT_NEAR(work.attention_forward / 273e12, 1, 0.01);
  EXPECT_NEAR(work.attention_backward / 682e12, 1, 0.01);
  EXPECT_EQ(work.optimizer, 0);
  const double seconds = run_seconds(work, gpu_model("h100-80").rates(true));
  EXPECT_GT(T / seconds, 6000) << "tokens a second";
  EXPECT_LT(T / seconds, 8500);
  EXPECT_GT(run_seconds(work, gpu_model("h100-80").rates(false)), 1.15 * seconds) << "FlashAttention 2";
}

// Nothing is computed again when all is saved, and everything when nothing is.
TEST(RunTime, WhatIsSavedIsNotComputedAgain) {
  const RunRows rows{1000, 10, 5e5, 1e4, 1, 1};
  MemoryPlan plan;
  plan.saved.assign(32, ActivationSet{});
  const RunWork all = run_work(ModelConfig{}, Precision::float32, rows, plan);
  EXPECT_EQ(all.recomputed, 0);
  EXPECT_EQ(all.link, 0);
  plan.saved.assign(32, {false, false, false, false});
  const RunWork none = run_work(ModelConfig{}, Precision::float32, rows, plan);
  // All of the forward but the down-projections and the head.
  const double down = 2 * (31 * 1000.0 + 10) * 4096 * 14336, head = 2 * 10.0 * 32000 * 4096;
  EXPECT_NEAR(none.recomputed / (all.products / 2 - down - head + all.attention_forward), 1, 1e-9);
  plan.device = {DeviceKind::gpu, 9, 132};
  plan.offload = Offload::cpu;
  const double P = 7'241'732'096.0;
  EXPECT_EQ(run_work(ModelConfig{}, Precision::bfloat16, rows, plan).link, 10 * P);
  EXPECT_EQ(run_work(ModelConfig{}, Precision::bfloat16, rows, plan).optimizer, 36 * P);
}

TEST(KnownModels, ByTheNameOfTheFolder) {
  const auto mistral = known_model("models/Mistral-7B-Instruct-v0.2/");
  ASSERT_TRUE(mistral);
  EXPECT_EQ(mistral->parameters(), 7'241'732'096);
  EXPECT_EQ(mistral->sliding_window, 0);
  EXPECT_EQ(known_model("mistral-7b-v0.1")->sliding_window, 4096);
  EXPECT_EQ(known_model("Mistral-7B-v0.3")->parameters(), 7'248'023'552);
  EXPECT_EQ(known_model("Llama-2-7b-hf")->parameters(), 6'738'415'616);
  EXPECT_EQ(known_model("TinyLlama-1.1B-Chat-v1.0")->parameters(), 1'100'048'384);
  EXPECT_FALSE(known_model("Mistral-7B"));
  EXPECT_FALSE(known_model(""));
}

TEST(ProbeFit, MoreMemoryMoreQuestions) {
  const auto questions = [](const char* name) {
    const GpuModel& gpu = gpu_model(name);
    return probe_fit(ModelConfig{}, Precision::bfloat16, gpu.bytes(), gpu.context_bytes(), gpu.plan_device())
        .questions;
  };
  EXPECT_GT(questions("rtx4090-24"), 0) << "weights, 32K of keys and values, and some";
  EXPECT_GT(questions("h100-80"), 800);
  EXPECT_GT(questions("h200-141"), questions("h100-80"));
  const ProbeFit none =
      probe_fit(ModelConfig{}, Precision::float32, 24ull << 30, 0, {DeviceKind::gpu, 8, 128});
  EXPECT_EQ(none.questions, 0);
  EXPECT_EQ(none.prefix, 32768);
}

}  // namespace
}  // namespace film::engine
